"""What the gate says of each check, in both languages; `models.gate` and `models.gate_champion` fill in the numbers."""

from features.said import Said

PASSED = Said("the gate is passed", "las comprobaciones están superadas")
NOT_PASSED = Said("the gate is not passed", "las comprobaciones no están superadas")
NAMES = {
    "base_rate": Said("the base rate of the renewal cohort", "la tasa base de la cohorte de renovación"),
    "calendar": Said("the renewal calendar alone", "el calendario de renovaciones por sí solo"),
    "recency": Said("recency of use", "el uso reciente"),
    "rule_score": Said("the rule score", "las reglas de salud"),
    "anchor": Said("the anchor", "el ancla"),
    "champion": Said("the champion", "el modelo en servicio"),
}
TABLE_NAMES = {
    "base_rate": Said("the base rate", "la tasa base"),
    "best_column": Said("the best single column", "la mejor columna por sí sola"),
}

TREES_HARM = Said(
    "trees beside the anchor may have done worse than the anchor on rows they had not seen: it serves alone",
    "los árboles junto al ancla pueden haberlo hecho peor que el ancla en filas que no habían visto: sirve ella sola",
)

SUSPECT = Said("{name} (AUC {auc:.3f})", "{name} (AUC {auc:.3f})")
NO_LEAK = Said("no single signal gives the outcome away", "ninguna señal delata por sí sola el desenlace")
LEAK = Said(
    "suspected leak: {named} alone tells who leaves, above {limit:.2f}; check when its rows become known (known_at), or drop it",
    "posible fuga: {named} dice por sí sola quién se va, por encima de {limit:.2f}; "
    "compruebe cuándo se conocen sus filas (known_at), o quítela",
)
NO_LEAK_IN_TABLE = Said("no single column gives the outcome away", "ninguna columna delata por sí sola el desenlace")
LEAK_IN_TABLE = Said(
    "suspected leak: {named} alone tells who left, above {limit:.2f}; "
    "if it is filled in or changed when a customer leaves, leave it out with --drop",
    "posible fuga: {named} dice por sí sola quién se fue, por encima de {limit:.2f}; "
    "si se rellena o cambia cuando un cliente se va, exclúyala con --drop",
)
NOT_PERMUTED = Said(
    "too few outcomes to measure with permuted labels", "demasiado pocos desenlaces para medir con etiquetas permutadas"
)
PERMUTED = Said(
    "with outcomes dealt to the wrong accounts the AUC is {auc:.3f}, chance is within [{low:.3f}, {high:.3f}]",
    "con los desenlaces repartidos a las cuentas equivocadas el AUC es {auc:.3f}; el azar está entre {low:.3f} y {high:.3f}",
)
PERMUTED_IN_TABLE = Said(
    "with outcomes dealt to the wrong rows the AUC is {auc:.3f}, chance is within [{low:.3f}, {high:.3f}]",
    "con los desenlaces repartidos a las filas equivocadas el AUC es {auc:.3f}; el azar está entre {low:.3f} y {high:.3f}",
)
LABELS_LEAK = Said(": labels leak", ": las etiquetas se filtran")
OUTCOMES = Said(
    "{churned} churned accounts were tested out of time, {needed} are needed",
    "se probaron en fechas posteriores {churned} cuentas que se fueron; hacen falta {needed}",
)
OUTCOMES_IN_TABLE = Said(
    "{churned} customers that left were tested in rows the model had not seen, {needed} are needed",
    "se probaron en filas que el modelo no había visto {churned} clientes que se fueron; hacen falta {needed}",
)
NO_SIGNAL = Said("there is no usable signal: {why}", "no hay señal aprovechable: {why}")
NOTHING_TESTED = Said("nothing could be tested out of time", "no se pudo probar nada en fechas posteriores")
NO_FOLD_TESTED = Said("no fold could be tested", "no se pudo probar ninguna partición")
SIGNAL = Said(
    "out-of-time AUC among accounts of the same calendar risk {auc:.3f}, 95 % interval {low:.3f} to {high:.3f}",
    "AUC en fechas posteriores entre cuentas de igual riesgo de calendario {auc:.3f}, "
    "intervalo del 95 % de {low:.3f} a {high:.3f}",
)
ABOVE_CHANCE = Said(
    ", above chance (0.500) in {above:.0%} of draws, {asked:.0%} is asked",
    ", por encima del azar (0,500) en el {above:.0%} de los remuestreos; se pide el {asked:.0%}",
)
DOWN_TO_CHANCE = Said(" reaches down to chance (0.500)", " llega hasta el azar (0,500)")
NOT_COMPUTED = Said("{rival} could not be computed on this data", "con estos datos no se pudo calcular: {rival}")
BEATS = Said(
    "log-loss {loss:.4f} against {loss_of_rival:.4f} of {rival} (better in {by_loss:.0%} of draws), "
    "AUC {auc:.3f} against {auc_of_rival:.3f} (better in {by_auc:.0%})",
    "pérdida logarítmica {loss:.4f} frente a {loss_of_rival:.4f} ({rival}), mejor en el {by_loss:.0%} de los remuestreos; "
    "AUC {auc:.3f} frente a {auc_of_rival:.3f}, mejor en el {by_auc:.0%}",
)
BEATS_NOT = Said(
    "there is no usable signal beyond {rival}: {how}; {asked:.0%} is asked of both",
    "no hay señal aprovechable más allá de lo que ya da {rival}: {how}; se pide el {asked:.0%} en ambas",
)
CATCHES = Said(
    "churned ARR within capacity {mine:.1%} against {theirs:.1%} of {rival} (better in {better:.0%} of draws), "
    "{asked:.0%} is asked",
    "ingresos perdidos en capacidad {mine:.1%} frente a {theirs:.1%} ({rival}), mejor en el {better:.0%} de los remuestreos; "
    "se pide el {asked:.0%}",
)
BESIDE_ANCHOR = Said(
    "log-loss {loss:.4f}, {apart:.1%} {side} the anchor's {of_anchor:.4f}, with {confidence:.0%} confidence at most {bound:+.1%}",
    "pérdida logarítmica {loss:.4f}, un {apart:.1%} por {side} de la del ancla ({of_anchor:.4f}); "
    "con un {confidence:.0%} de confianza, {bound:+.1%} como mucho",
)
ABOVE, BELOW = Said("above", "encima"), Said("below", "debajo")
ABOVE_ALLOWED = Said("; at most {allowed:.1%} above is allowed", "; se admite como mucho un {allowed:.1%} por encima")
MEASURES = {
    "observed_expected": Said("observed / expected churn", "bajas observadas / esperadas"),
    "calibration_slope": Said("calibration slope", "pendiente de calibración"),
}
BAND = Said(
    "{measure} {value:.2f} (95 % {low:.2f} to {high:.2f}), {least:.2f} to {most:.2f} is asked",
    "{measure} {value:.2f} (95 %: de {low:.2f} a {high:.2f}); se pide de {least:.2f} a {most:.2f}",
)
BY_CHANCE = Said("; with so few outcomes chance explains it", "; con tan pocos desenlaces lo explica el azar")
CALIBRATION = Said(
    "mean gap between predicted and observed {error:.4f}, up to {chance:.4f} would be chance",
    "distancia media entre lo previsto y lo observado {error:.4f}; hasta {chance:.4f} sería azar",
)
SLICES = Said(
    "{tested} slices with {churned} churned accounts or more ranked against {rival}",
    "{tested} grupos con {churned} o más cuentas que se fueron, comparados con {rival}",
)
NONE_WORSE = Said(": none clearly worse", ": ninguno claramente peor")
WORSE = Said(", clearly worse by more than {drop:.2f}: {named}", "; claramente peores por más de {drop:.2f}: {named}")
WORSE_SLICE = Said(
    "{name}: AUC {mine:.3f} against {theirs:.3f} (lower in {below:.1%} of draws)",
    "{name}: AUC {mine:.3f} frente a {theirs:.3f} (menor en el {below:.1%} de los remuestreos)",
)
SUMS = Said(
    "base and pushes miss the margin, or what LightGBM says itself, by at most {gap:.1e} log-odds, {allowed:.0e} is allowed",
    "base y empujes se apartan del margen, o de lo que LightGBM dice, {gap:.1e} log-odds como mucho; se admite {allowed:.0e}",
)
LOWERS = Said("worse signals lower the risk: {named}", "señales peores bajan el riesgo: {named}")
LOWERS_FAMILY = Said("{family} ({share:.0%} of accounts)", "{family} ({share:.0%} de las cuentas)")
NONE_LOWERS = Said("no family's worse signals lower the risk", "en ninguna familia bajan el riesgo las señales peores")

BEATS_CHAMPION = Said(
    "log-loss {loss:.4f} against the champion's {of_champion:.4f}: better in {better:.0%} of draws, {asked:.0%} is asked",
    "pérdida logarítmica {loss:.4f} frente a {of_champion:.4f} del modelo en servicio: "
    "mejor en el {better:.0%} de los remuestreos; se pide el {asked:.0%}",
)
BY_SIMPLICITY = Said(
    ", or, as it is far simpler, at most {allowed:.1%} above with {asked:.0%} confidence: it is at most {bound:+.1%}",
    ", o bien, como es mucho más sencillo, como mucho un {allowed:.1%} por encima con un {asked:.0%} de confianza: "
    "es {bound:+.1%} como mucho",
)
KEEPS_ARR = Said(
    "churned ARR within capacity, candidate minus champion: at least {low:+.3f} with {asked:.0%} confidence, "
    "{allowed:+.3f} is allowed",
    "ingresos perdidos en capacidad, candidato menos modelo en servicio: al menos {low:+.3f} con un {asked:.0%} de confianza; "
    "se admite {allowed:+.3f}",
)
ENOUGH = Said(
    "{churned} churned accounts were tested against the champion, {needed} are needed to replace it",
    "se probaron frente al modelo en servicio {churned} cuentas que se fueron; para sustituirlo hacen falta {needed}",
)
BY_A_PERSON = Said(
    " without a person; `tenure promote` does it with a name and a reason",
    " sin una persona; `tenure promote` lo hace con un nombre y un motivo",
)
SEEN = Said(
    " (the champion has seen these outcomes, which favours it)",
    " (el modelo en servicio ha visto estos desenlaces, lo que lo favorece)",
)
OLDER = Said(
    " (the champion's recipe, trained {days} days before the candidate's at every origin)",
    " (la receta del modelo en servicio, entrenada en cada momento {days} días antes que la del candidato)",
)
OLDER_BY_ONE = Said(
    " (the champion's recipe, trained 1 day before the candidate's at every origin)",
    " (la receta del modelo en servicio, entrenada en cada momento 1 día antes que la del candidato)",
)
