-- Acutance for darktable. Written by `acutance integrate darktable`; `acutance integrate --remove darktable` takes it away.
--
-- Two buttons under "actions on selection" in the lighttable: each exports the selected images as 16-bit TIFF beside
-- their sources, has Acutance restore them, imports the results, and groups each with its source.

local dt = require "darktable"

local COMMAND = @COMMAND@ -- the words that start the program
local M = {}

local function windows()
  return dt.configuration.running_os == "windows"
end

-- One word of a command line, whatever signs it holds.
local function quoted(word)
  if windows() then
    return '"' .. word .. '"' -- names of files hold no double quotes there
  end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

local function command_line(words)
  local parts = {}
  for _, word in ipairs(words) do
    parts[#parts + 1] = quoted(word)
  end
  local line = table.concat(parts, " ")
  return windows() and '"' .. line .. '"' or line -- cmd.exe takes the outer pair away
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

-- The path of a new file: NAME-acutance.tif beside the source, or with a number.
local function free_path(image)
  local stem = image.path .. (windows() and "\\" or "/") .. image.filename:gsub("%.[^.]*$", "") .. "-acutance"
  local path, number = stem .. ".tif", 1
  while exists(path) do
    number = number + 1
    path = stem .. "-" .. number .. ".tif"
  end
  return path
end

local function export(image, path)
  local format = dt.new_format("tiff")
  format.bpp = 16
  format.max_width, format.max_height = 0, 0
  return format:write_image(image, path, false)
end

-- What the user wrote down about the source goes with the result; darktable's own tags do not.
local function describe(result, source)
  local words = { "title", "description", "creator", "publisher", "rights" }
  local marks = { "rating", "red", "yellow", "green", "blue", "purple" }
  for _, field in ipairs(table.move(marks, 1, #marks, #words + 1, words)) do
    result[field] = source[field]
  end
  for _, tag in ipairs(source:get_tags()) do
    if tag.name:sub(1, 10) ~= "darktable|" then
      result:attach_tag(tag)
    end
  end
end

-- Restore one image; return the imported result, or nil and the reason.
function M.restore(image, in_window)
  local path = free_path(image)
  if not export(image, path) and not exists(path) then
    return nil, "it cannot be exported to " .. path
  end
  local words = {}
  for _, word in ipairs(COMMAND) do
    words[#words + 1] = word
  end
  words[#words + 1] = "edit"
  if not in_window then
    words[#words + 1] = "--headless"
  end
  words[#words + 1] = path
  local code = dt.control.execute(command_line(words))
  if code ~= 0 then
    os.remove(path)
    return nil, code == 130 and "it was not restored" or "Acutance ended with code " .. tostring(code)
  end
  local result = dt.database.import(path)
  if not result then
    return nil, path .. " cannot be imported"
  end
  result:group_with(image.group_leader)
  describe(result, image)
  return result
end

local function restore_all(images, in_window)
  local job = dt.gui.create_job("Acutance", true, function(job)
    job.valid = false -- after the image that is being restored
  end)
  local done = 0
  for index, image in ipairs(images) do
    if not job.valid then
      break
    end
    local result, reason = M.restore(image, in_window)
    if result then
      done = done + 1
    else
      dt.print_error("Acutance: " .. image.filename .. ": " .. reason)
      dt.print("Acutance: " .. image.filename .. ": " .. reason)
    end
    if job.valid then
      job.percent = index / #images
    end
  end
  if job.valid then
    job.valid = false
  end
  if done > 0 then
    dt.print("Acutance: " .. done .. " of " .. #images .. " restored")
  end
end

local function register(name, label, tooltip, in_window)
  local function act(_, images)
    restore_all(images, in_window)
  end
  if not pcall(dt.gui.libs.image.register_action, name, label, act, tooltip) then
    dt.gui.libs.image.register_action(label, act, tooltip) -- darktable before 3.8
  end
end

if dt.configuration.has_gui then
  register("acutance", "restore (Acutance)", "export, restore by Acutance, and group with the source", false)
  register("acutance_window", "restore in Acutance...", "choose in Acutance's window what is done", true)
end

return M
