"""What training on a table says of itself, in both languages."""

from features.said import Said

EMPTY = Said("is empty", "está vacía")
SAME = Said("is the same in every row", "es igual en todas las filas")
AN_ID = Said("is different in every row, as an id is", "es distinta en cada fila, como un identificador")
COUNTS_UP = Said("numbers the rows, as an id does", "numera las filas, como un identificador")
LEFT_OUT = Said("column {column} {why}: nothing is learned from it", "la columna {column} {why}: no se aprende de ella")

FEW_LEFT = Said(
    "{churned} customers left in the rows to learn from, at least {needed} are needed (training.min_churned); "
    "give a longer history",
    "en las filas de las que aprender se fueron {churned} clientes; hacen falta al menos {needed} (training.min_churned); "
    "aporte más historia",
)
NOBODY_STAYED = Said(
    "every row to learn from is a customer that left: those that stayed are missing from the table",
    "todas las filas de las que aprender son clientes que se fueron: en la tabla faltan los que se quedaron",
)
FOLDS_LEFT_OUT = Said("{folds} left out: {why}", "se omite {folds}: {why}")
ANCHOR_ALONE = Said(
    "{churned} customers left, fewer than {needed}: the anchor serves alone",
    "se fueron {churned} clientes, menos de {needed}: sirve el ancla sola",
)
RARE_LEVELS = Said(
    "of {columns} only the {most} commonest values count, the others as missing",
    "de {columns} solo cuentan los {most} valores más frecuentes; los demás, como si faltaran",
)
