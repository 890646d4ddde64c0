"""Reads and writes photo files, and keeps everything that they carry."""
