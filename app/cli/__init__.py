"""The command line: one module for each sub-command, with add_arguments(parser) and run(options) -> exit code."""
