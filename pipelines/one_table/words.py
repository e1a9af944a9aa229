"""What `tenure train-table` says of a file and of what it learned from it, in both languages."""

from features.said import Said, alike
from models.evaluation import SHOWN

ONE_ROW = Said("1 row", "1 fila")
ROWS = Said("{count:,} rows", "{count:,} filas")

AMBIGUOUS_POINT = Said(
    "column {column}: the sign in its numbers is read as a decimal point, it could part thousands too",
    "columna {column}: el signo de sus números se lee como coma decimal; también podría separar millares",
)
WRITTEN_OTHERWISE = Said(
    "column {column}: {count} cells are written otherwise than the others and count as missing",
    "columna {column}: {count} celdas están escritas de otro modo que las demás y cuentan como vacías",
)
HOLDS_DAYS = Said(
    "holds days, which grow with the calendar (with a day as --time they count as days before it)",
    "contiene fechas, que crecen con el calendario (con una fecha como --time cuentan como días antes de ella)",
)
NO_OUTCOME_YET = Said(
    "{rows} without an outcome yet: not learned from, but scored and explained",
    "{rows} sin desenlace todavía: no se aprende de ellas, pero se puntúan y se explican",
)
NO_LABEL_DAYS = Said(
    "no --label-days: a row counts as learned on the day of its own time, as if its outcome were known at once",
    "sin --label-days: una fila cuenta como sabida el día de su propia fecha, como si su desenlace se conociera al momento",
)
NO_GROUP = Said(
    "column {column} is empty in {rows}: each counts as a group of its own",
    "la columna {column} está vacía en {rows}: cada una cuenta como un grupo aparte",
)

HEAD = Said(
    "Learned from {rows:,} rows, {churned:,} of them left ({share:.1%}): {kind}.",
    "Aprendido de {rows:,} filas, de las que {churned:,} se fueron ({share:.1%}): {kind}.",
)
ANCHOR = Said("the anchor alone", "el ancla sola")
BLEND = Said("anchor ({share:.0%}) and {trees} trees", "ancla ({share:.0%}) y {trees} árboles")
NOT_TESTED = Said(
    "Nothing could be tested: too few rows of one outcome in every fold.",
    "No se pudo probar nada: en todas las particiones hay demasiado pocas filas de un desenlace.",
)
TESTED = Said(
    "Tested {how} on {folds} folds, rows the model had not seen; in brackets: 95 % by {whom}",
    "Probado {how} en {folds} particiones, con filas que el modelo no había visto; entre corchetes: 95 % por {whom}",
)
FORWARD, OUT_OF_FOLD = Said("forward in time", "hacia delante en el tiempo"), Said("out of fold", "por validación cruzada")
BY_GROUP, BY_CUSTOMER = Said("groups", "grupo"), Said("customers", "cliente")
METRICS = {
    name: Said(SHOWN[name], spanish)
    for name, spanish in (
        ("auc", "AUC"),
        ("average_precision", "precisión media"),
        ("log_loss", "pérdida logarítmica"),
        ("observed_expected", "observado / esperado"),
        ("precision_at_capacity", "precisión en capacidad"),
    )
}
RANKINGS = {
    "model": Said("model", "modelo"),
    "boosting": Said("boosting", "árboles"),
    "anchor": Said("anchor", "ancla"),
    "best_column": Said("best_column", "mejor columna"),
    "base_rate": Said("base_rate", "tasa base"),
}
CELL = Said("{value:.3f} [{low:.3f}, {high:.3f}]", "{value:.3f} [{low:.3f}; {high:.3f}]")
NO_CELL = alike("-")
RANDOM_SPLIT = Said(
    "warning: a random split of rows would have claimed AUC {random:.3f} and average precision {random_precision:.3f} where "
    "{how} they are {honest:.3f} and {honest_precision:.3f} (same recipe, same {rows:,} rows): it shows the model {what}",
    "aviso: una división aleatoria de filas habría prometido un AUC de {random:.3f} y una precisión media de "
    "{random_precision:.3f}; {how} son {honest:.3f} y {honest_precision:.3f} (misma receta, mismas {rows:,} filas): "
    "enseña al modelo {what}",
)
NO_RANDOM_GAIN = Said(
    "a random split of rows would have claimed no more: AUC {random:.3f} where {how} it is {honest:.3f} (same {rows:,} rows)",
    "una división aleatoria de filas no habría prometido más: AUC de {random:.3f}; {how} es {honest:.3f} (mismas {rows:,} filas)",
)
LATER_ROWS = Said("rows of later days than those it is tested on", "filas de días posteriores a los de la prueba")
ROWS_OF_GROUP = Said("other rows of the groups it is tested on", "otras filas de los grupos de la prueba")
GROUPS_APART = Said("with groups kept together", "con los grupos sin partir")
CALIBRATION = Said(
    "calibration error {error:.4f}, up to {chance:.4f} is chance",
    "error de calibración {error:.4f}; hasta {chance:.4f} es azar",
)
PUSHES = Said(
    "What moves the score most (mean size of the push, log-odds):",
    "Lo que más mueve la puntuación (tamaño medio del empuje, log-odds):",
)
PUSH = alike("  {size:6.3f}  {column}")
NOTE = Said("note: {note}", "nota: {note}")
WRITTEN = Said("Written to {out}", "Escrito en {out}")
CARD = Said("Model card: {file}", "Ficha del modelo: {file}")
LOGGED = Said(", logged as run {run}", ", registrado como ejecución {run}")
REFUSED = Said("The gate refused this model: {why}.", "El modelo no supera las comprobaciones: {why}.")
