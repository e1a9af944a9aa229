"""One file a family, one declaration a signal; `features.catalogue` finds them."""
