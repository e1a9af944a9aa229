"""Where the signals of a matrix are computed."""
