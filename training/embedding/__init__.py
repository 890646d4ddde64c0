"""The face embedding's own training: prepared faces and views, the teacher's numbers for them, distillation, LFW."""
