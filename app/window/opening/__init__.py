"""How photos come in: files, folders, the clipboard, the sample; and how one moves from photo to photo."""
