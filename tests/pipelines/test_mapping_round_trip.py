"""A company in its own words, formats and files, mapped by the proposal, is the very same company."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.check import check
from pipelines.mapping.handing_over import map_to_file
from pipelines.params import load
from pipelines.sources import open_source

ACCOUNTS = [
    # id, name, created, country, strategic, industry, employees, known
    ("C-1", "Núñez e Hijos; S.L.", "2023-01-05", "ES", True, "retail", 1200, "2023-01-06T08:30"),
    ("C-2", "Añil", "2023-02-17", "MX", False, "energy", 45, "2023-02-17T09:00"),
    ("C-3", "Oberon Ltd", "2023-11-30", "GB", False, None, None, "2023-12-01T23:15"),
]
TERMS = [
    # id, account, start, end, arr, seats, auto, signed
    ("K1", "C-1", "2023-01-10", "2024-01-10", 12000.0, 25, True, "2023-01-07"),
    ("K2", "C-1", "2024-01-10", "2025-01-10", 15000.0, 30, True, "2023-12-20"),
    ("K3", "C-2", "2023-03-01", "2024-03-01", 2400.0, 5, False, "2023-02-27"),
    ("K4", "C-3", "2023-12-05", "2024-12-05", 600.0, 2, False, "2023-12-02"),
]
OUTCOMES = [
    # account, term, end, decided, outcome, before, reason, known
    ("C-1", "K1", "2024-01-10", "2023-12-18", "expanded", 12000.5, None, "2023-12-19"),
    ("C-2", "K3", "2024-03-01", "2024-02-13", "churned", 2400.0, "budget", "2024-02-14"),
]
USES = [
    # user, account, at, feature, quantity, known
    ("u1", "C-1", "2023-05-04T10:11:12.500", "reports", 3, "2023-05-05T02:00"),
    ("u2", "C-1", "2023-05-04T11:00:00", "export", 1, "2023-05-05T02:00"),
    ("u1", "C-2", "2023-06-04T10:11:12", "reports", 7, "2023-06-05T02:00"),
    ("u7", "C-3", "2024-01-01T00:00:00", "login", 2, "2024-01-02T02:00"),
]
CASES = [
    # id, account, opened, resolved, severity, kind, csat, escalated, known
    ("901", "C-1", "2023-07-14", "2023-07-16", "urgent", "bug", 2, True, "2023-07-14"),
    ("902", "C-2", "2023-08-01", None, "normal", "how_to", None, False, "2023-08-02"),
    ("903", "C-2", "2023-12-25", "2024-01-03", "high", "billing", 5, False, "2023-12-26"),
]
MEETINGS = [
    # account, kind, planned for, status, known (when it was planned)
    ("C-1", "qbr", "2023-09-15T16:00", "held", "2023-09-01"),
    ("C-2", "training", "2023-10-03T09:30", "missed", "2023-09-21"),
    ("C-2", "check_in", "2023-10-20T12:00", "rescheduled", "2023-10-10"),
]


def _contract(folder: Path) -> Path:
    """The company in the contract's own words."""
    folder.mkdir()
    columns = {
        "accounts": ("account_id", "name", "created_at", "country", "strategic", "industry", "employees", "known_at"),
        "subscriptions": ("subscription_id", "account_id", "started_at", "renews_at", "arr", "seats", "auto_renew", "known_at"),
        "renewals": ("account_id", "subscription_id", "renews_at", "decided_at", "outcome", "arr_before", "reason", "known_at"),
        "usage": ("user_id", "account_id", "occurred_at", "feature", "quantity", "known_at"),
        "tickets": (
            "ticket_id",
            "account_id",
            "opened_at",
            "resolved_at",
            "severity",
            "kind",
            "csat",
            "escalated",
            "known_at",
        ),
        "meetings": ("account_id", "kind", "scheduled_for", "status", "known_at"),
    }
    rows = dict(zip(columns, (ACCOUNTS, TERMS, OUTCOMES, USES, CASES, MEETINGS), strict=True))
    for name, names in columns.items():
        pd.DataFrame(rows[name], columns=names, dtype=object).to_csv(folder / f"{name}.csv", index=False)
    return folder


def _day(text, how):
    return datetime.fromisoformat(text).strftime(how) if text else ""


def _millis(text):
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def _euros(number):
    return "€ " + f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def _own(folder: Path) -> Path:
    """The same company as its own programs write it: Spanish and English, four ways of writing a day, files in pieces."""
    (folder / "crm").mkdir(parents=True)
    spanish = "%d/%m/%Y"
    lines = ["Código de cliente;Razón social;Fecha de alta;País;Estratégico;Fecha de carga"]
    for one, name, created, country, strategic, *_, known in ACCOUNTS:
        words = [one, f'"{name}"', _day(created, spanish), country, "sí" if strategic else "no", _day(known, f"{spanish} %H:%M")]
        lines.append(";".join(words))
    (folder / "crm" / "Clientes.csv").write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    details = ["idCliente;sector;numEmpleados"]
    details += [
        f"{one};{industry or '-'};{f'{people:,}'.replace(',', '.') if people else '-'}"
        for one, _, _, _, _, industry, people, _ in ACCOUNTS
    ]
    (folder / "crm" / "clientes_detalle.csv").write_text("\n".join([*details, ""]), encoding="utf-8")
    terms = {
        "contractId": [row[0] for row in TERMS],
        "customerId": [row[1] for row in TERMS],
        "startDate": pa.array([datetime.fromisoformat(row[2]).date() for row in TERMS]),
        "endDate": pa.array([datetime.fromisoformat(row[3]).date() for row in TERMS]),
        "mrr": [row[4] / 12 for row in TERMS],
        "seatCount": [row[5] for row in TERMS],
        "autoRenewal": ["Y" if row[6] else "N" for row in TERMS],
        "signedAt": pa.array([datetime.fromisoformat(row[7]).date() for row in TERMS]),
    }
    pq.write_table(pa.table(terms), folder / "contracts.parquet")
    words = {"expanded": "Ampliación", "churned": "Baja", "budget": "Precio", None: ""}
    lines = ["cliente;contrato;fecha vencimiento;fecha decisión;resultado;ARR anterior;motivo;fecha registro"]
    for account, term, end, decided, outcome, before, reason, known in OUTCOMES:
        days = [_day(each, "%d.%m.%Y") for each in (end, decided, known)]
        lines.append(";".join([account, term, days[0], days[1], words[outcome], _euros(before), words[reason], days[2]]))
    (folder / "renovaciones.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    header = "usuario|cuenta|timestamp|acción|veces|cargado el\n"
    events = [
        f"{user}|{account}|{_millis(at)}|{feature}|{times}|{_millis(known)}\n"
        for user, account, at, feature, times, known in USES
    ]
    (folder / "eventos_2023.csv.gz").write_bytes(gzip.compress((header + "".join(events[:3])).encode()))
    (folder / "eventos_2024.csv.gz").write_bytes(gzip.compress((header + events[3]).encode()))
    levels = {"urgent": "P1", "high": "P2", "normal": "P3"}
    kinds = {"bug": "Defect", "how_to": "Question", "billing": "Invoicing"}
    lines = ["Case Number,Customer,Created On,Closed On,Priority,Type,Satisfaction,Escalated,Loaded At"]
    for number, account, opened, closed, severity, kind, csat, escalated, known in CASES:
        days = [_day(each, "%m/%d/%Y") for each in (opened, closed, known)]
        cells = [
            number,
            account,
            days[0],
            days[1],
            levels[severity],
            kinds[kind],
            str(csat or ""),
            "Yes" if escalated else "No",
            days[2],
        ]
        lines.append(",".join(cells))
    (folder / "Support Cases.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    names = {"qbr": "Revisión trimestral", "training": "Formación", "check_in": "Café con el cliente"}
    states = {"held": "celebrada", "missed": "no asistió", "rescheduled": "aplazada"}
    lines = ["cliente\ttipo\tfecha\testado\tcreado_el"]
    for account, kind, planned, status, known in MEETINGS:
        lines.append("\t".join([account, names[kind], _day(planned, f"{spanish} %H:%M"), states[status], _day(known, spanish)]))
    (folder / "reuniones.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """The mapping file as proposed, the company's own folder, and what was told."""
    folder = tmp_path_factory.mktemp("company")
    own = _own(folder / "own")
    mapped = map_to_file(str(own), folder / "own.yaml", load(None), lambda *_: None)
    return mapped, own


def test_only_what_nobody_could_know_is_left_open(proposed):
    mapped, _ = proposed
    assert mapped.proposal.open == ("meetings.kind",)
    assert mapped.refused.startswith("1 place is left to decide")
    assert mapped.proposal.undecided == {}
    assert mapped.proposal.unplaced == ()


def test_with_the_open_place_decided_the_clean_tables_are_those_of_the_contract(proposed, tmp_path):
    mapped, own = proposed
    text = mapped.out.read_text(encoding="utf-8")
    assert text.count("'Café con el cliente': '?'") + text.count("Café con el cliente: '?'") == 1
    edited = tmp_path / "edited.yaml"
    edited.write_text(text.replace("Café con el cliente: '?'", "Café con el cliente: check_in"), encoding="utf-8")
    data = load(None).data
    theirs = check(open_source(str(_contract(tmp_path / "contract")), "contract"), data, tmp_path / "a")
    ours = check(open_source(str(own), str(edited)), data, tmp_path / "b")
    assert [table.name for table in ours.tables] == [table.name for table in theirs.tables]
    assert ours.rejected == theirs.rejected == {}
    for table in theirs.tables:
        expected, found = (pq.read_table(tmp_path / side / f"{table.name}.parquet") for side in "ab")
        assert found.equals(expected), table.name
        assert found.num_rows > 1


def test_a_mapping_with_an_open_place_is_refused_with_its_name(proposed):
    mapped, own = proposed
    with pytest.raises(ValueError, match=r"tables\.meetings\.columns\.kind, values: Café con el cliente: still open"):
        open_source(str(own), str(mapped.out))
