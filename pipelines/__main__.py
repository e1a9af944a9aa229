"""`python -m pipelines VERB` is `tenure VERB`."""

from pipelines.cli import main

main()
