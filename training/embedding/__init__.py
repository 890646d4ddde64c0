"""Trains the face embedding: prepared faces and views, the teacher's embeddings, distillation, LFW."""
