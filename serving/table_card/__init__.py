"""The model card of `tenure train-table`: its facts, its words, and the page made of the parts of the company's card."""
