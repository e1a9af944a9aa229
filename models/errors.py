"""What a model refuses to do. Every message says what, which value, and the next step; none holds a customer's text."""


class UnableToTrain(ValueError):
    """The matrix, the follow-up or the parameters do not allow a model."""


class UnableToScore(ValueError):
    """The matrix does not fit the model, or the model's folder cannot be read."""
