; Inno Setup 6: the installer for Windows. packaging/package.py calls: iscc /DVersion=... /DBundle=... /Odist acutance.iss

[Setup]
AppId={{6B0F6F0E-7C0E-4E0B-9C55-6C1C2F1E3A77}
AppName=Acutance
AppVersion={#Version}
AppVerName=Acutance {#Version}
DefaultDirName={autopf}\Acutance
DefaultGroupName=Acutance
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
OutputBaseFilename=Acutance-{#Version}-setup
SetupIconFile=..\..\build\pyinstaller\acutance\icons\acutance.ico
UninstallDisplayIcon={app}\acutance.exe
Compression=lzma2/fast
SolidCompression=yes
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
WizardStyle=modern
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"
Name: "german"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
OpenWith=Offer Acutance for photos under "Open with"
FindOnPath=Let the command line find acutance-cli
RemoveOwn=Remove your settings, presets, log and the weights that you trained, too? The photos stay where they are.
german.OpenWith=Acutance für Fotos unter „Öffnen mit“ anbieten
german.FindOnPath=Die Kommandozeile acutance-cli finden lassen
german.RemoveOwn=Auch Einstellungen, Vorgaben, Protokoll und selbst trainierte Gewichte entfernen? Die Fotos bleiben, wo sie sind.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "openwith"; Description: "{cm:OpenWith}"
Name: "path"; Description: "{cm:FindOnPath}"; Flags: unchecked

[InstallDelete]
; An upgrade leaves nothing of the version before: libraries of two versions in one folder do not start.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Acutance"; Filename: "{app}\acutance.exe"
Name: "{autodesktop}\Acutance"; Filename: "{app}\acutance.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\acutance.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Acutance"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\acutance.exe\shell\open\command"; ValueType: string; ValueData: """{app}\acutance.exe"" ""%1"""; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.jpg\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.jpeg\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.png\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.tif\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.tiff\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.webp\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.avif\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.jxl\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.heic\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.heif\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.bmp\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.dng\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.cr2\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.cr3\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.nef\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.arw\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.raf\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.orf\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.rw2\OpenWithList\acutance.exe"; Flags: uninsdeletekey; Tasks: openwith
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: not OnPath

[Run]
Filename: "{app}\acutance.exe"; Description: "{cm:LaunchProgram,Acutance}"; Flags: nowait postinstall skipifsilent

[Code]
function UserPath: String;
begin
  if not RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Result) then
    Result := '';
end;

function OnPath: Boolean;
begin
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(UserPath) + ';') > 0;
end;

procedure LeavePath;
var
  Entries: String;
begin
  if OnPath then
  begin
    Entries := ';' + UserPath + ';';
    StringChangeEx(Entries, ';' + ExpandConstant('{app}') + ';', ';', True);
    Entries := Copy(Entries, 2, Length(Entries) - 2);
    RegWriteExpandStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Entries);
  end;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Question: String;
begin
  if Step = usUninstall then
    LeavePath;
  if Step <> usPostUninstall then
    Exit;
  Question := CustomMessage('RemoveOwn');
  if DirExists(ExpandConstant('{localappdata}\acutance')) then
    { a silent uninstallation keeps them }
    if SuppressibleMsgBox(Question, mbConfirmation, MB_YESNO or MB_DEFBUTTON2, IDNO) = IDYES then
      DelTree(ExpandConstant('{localappdata}\acutance'), True, True, True);
end;
