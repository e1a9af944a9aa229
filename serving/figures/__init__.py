"""Pictures drawn as SVG by plain functions: numbers and labels in, one `<svg>` out. Colours are classes of the style sheet."""
