"""The installers of systems that cannot be tried here hold together: every reference has its target."""

import configparser
import plistlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import package
import pytest

from engine.photos.formats import RAW_SUFFIXES, READABLE

PACKAGING = Path(package.__file__).parent
SCRIPT = (PACKAGING / "windows" / "acutance.iss").read_text(encoding="utf-8-sig")
LINES = [line for line in SCRIPT.splitlines() if line.strip() and not line.lstrip().startswith(";")]


@pytest.fixture(scope="module")
def sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in LINES:
        head = re.fullmatch(r"\[(\w+)\]", line)
        if head:
            found[head[1]] = []
        elif found and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


def parameters(line: str) -> dict[str, str]:
    """Parse `Name: "value"; Flags: a b`; a quotation mark within a value is doubled."""
    pairs = re.findall(r'(\w+): ("(?:[^"]|"")*"|[^;]*)(?:; |$)', line)
    return {name: value.strip('"').replace('""', '"') for name, value in pairs}


def test_the_script_starts_with_a_byte_order_mark_for_inno_setup() -> None:
    assert (PACKAGING / "windows" / "acutance.iss").read_bytes().startswith(b"\xef\xbb\xbf")


def test_sections_are_those_that_inno_setup_knows(sections: dict[str, list[str]]) -> None:
    known = "Setup Languages CustomMessages Tasks InstallDelete Files Icons Registry Run Code"
    assert list(sections) == known.split()


@pytest.mark.parametrize("section", ["Languages", "Tasks", "InstallDelete", "Files", "Icons", "Registry", "Run"])
def test_every_line_reads_back_as_it_is_written(section: str, sections: dict[str, list[str]]) -> None:
    for line in sections[section]:
        assert line.count('"') % 2 == 0, line
        written = [part.partition(":")[0].strip() for part in re.split(r';(?=(?:[^"]|"[^"]*")*$)', line)]
        assert list(parameters(line)) == written, line


def test_setup_names_program_icon_and_the_builders_version(sections: dict[str, list[str]]) -> None:
    setup = dict(line.split("=", 1) for line in sections["Setup"])
    assert re.fullmatch(r"\{\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}", setup["AppId"])
    assert setup["AppVersion"] == "{#Version}"
    assert setup["SetupIconFile"] == r"..\..\build\pyinstaller\acutance\icons\acutance.ico"
    assert setup["PrivilegesRequired"] == "lowest" and setup["CloseApplications"] == "yes"


def test_the_script_uses_the_builders_definitions() -> None:
    builder = (PACKAGING / "package.py").read_text(encoding="utf-8")
    used = set(re.findall(r"\{#(\w+)\}", SCRIPT))
    assert used == {"Version", "Bundle", "SignTool"}
    assert all(f"/D{name}=" in builder for name in ("Version", "Bundle"))


def test_an_upgrade_removes_the_libraries_of_the_version_before(sections: dict[str, list[str]]) -> None:
    assert parameters(sections["InstallDelete"][0]) == {"Type": "filesandordirs", "Name": r"{app}\_internal"}
    assert parameters(sections["Files"][0])["Source"] == r"{#Bundle}\*"


def test_tasks_messages_and_checks_that_are_named_are_there(sections: dict[str, list[str]]) -> None:
    tasks = {parameters(line)["Name"] for line in sections["Tasks"]}
    lines = [line for section in ("Icons", "Registry", "Run") for line in sections[section]]
    assert {parameters(line)["Tasks"] for line in lines if "Tasks" in parameters(line)} == tasks
    messages = dict(line.split("=", 1) for line in sections["CustomMessages"])
    asked = set(re.findall(r"\{cm:(\w+)", SCRIPT)) | set(re.findall(r"CustomMessage\('(\w+)'\)", SCRIPT))
    assert asked <= set(messages) | {"CreateDesktopIcon", "LaunchProgram"}
    english = {name for name in messages if "." not in name}
    assert {f"german.{name}" for name in english} == {name for name in messages if "." in name}
    checks = {parameters(line)["Check"].removeprefix("not ") for line in lines if "Check" in parameters(line)}
    assert all(re.search(rf"^function {name}: ", SCRIPT, re.MULTILINE) for name in checks)


def test_the_code_is_balanced(sections: dict[str, list[str]]) -> None:
    code = re.sub(r"'(?:[^']|'')*'|\{[^}]*\}", "", "\n".join(sections["Code"]))
    assert len(re.findall(r"\bbegin\b", code)) == len(re.findall(r"\bend\b", code))
    assert code.count("(") == code.count(")")
    assert len(re.findall(r"^(?:procedure|function) ", code, re.MULTILINE)) == len(
        re.findall(r"^end;", code, re.MULTILINE)
    )


def test_every_suffix_that_is_offered_can_be_opened() -> None:
    offered = set(re.findall(r"Classes\\(\.\w+)\\OpenWithList", SCRIPT))
    assert offered <= READABLE | RAW_SUFFIXES | {".heic", ".heif"}
    assert {".jpg", ".png", ".tif", ".heic", ".dng"} <= offered


def test_desktop_file_and_appstream_offer_the_same_photos() -> None:
    desktop = configparser.RawConfigParser()
    desktop.optionxform = str  # type: ignore[assignment,method-assign]
    desktop.read_string((PACKAGING / "linux" / "acutance.desktop").read_text(encoding="utf-8"))
    offered = desktop["Desktop Entry"]["MimeType"].rstrip(";").split(";")
    metainfo = ET.parse(PACKAGING / "linux" / "acutance.metainfo.xml").getroot()
    assert [element.text for element in metainfo.iter("mediatype")] == offered
    assert len(set(offered)) == len(offered) > 10


def test_the_entitlements_are_a_property_list() -> None:
    rights = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert rights == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_disk_image_signs_and_notarises_only_with_certificates() -> None:
    lines = (PACKAGING / "macos" / "dmg.sh").read_text(encoding="utf-8").splitlines()
    script = "\n".join(line for line in lines if not line.startswith("#"))
    assert script.index("hdiutil create") < script.index("notarytool submit") < script.index("stapler staple")
    for tool in ("notarytool", "stapler"):
        assert script.index("ACUTANCE_NOTARY_PROFILE:-}") < script.index(f"xcrun {tool}")
