use super::*;
use Currency::{Cny, Usd};

const GOOD: &str = "\u{feff}time,kind,number,reference,currency,amount,fee\r\n\
    `2026-11-22T17:30:00+08:00,`payment,`sbx1,`ord_1,`CNY,`10.00,`0.06000\r\n\
    `2026-11-22T18:30:00+08:00,`refund,`ref_1,`,`CNY,`-8.88,`0\r\n\
    count,amount,fee\r\n\
    `2,`1.12,`0.06000\r\n";

fn fault(text: &str) -> (usize, Fault) {
    let BillError { line, fault } = rows(text, Cny).unwrap_err();
    (line, fault)
}

#[test]
fn reads_a_bill() {
    let read = rows(GOOD, Cny).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(
        read[0],
        Row {
            line: 2,
            at: Moment::from_rfc3339("2026-11-22T09:30:00Z").unwrap(),
            kind: Kind::Payment,
            provider_kind: "payment".into(),
            number: "sbx1".into(),
            reference: "ord_1".into(),
            amount_minor: 1000,
            fee_minor: 6,
        }
    );
    assert_eq!((read[1].line, read[1].amount_minor, read[1].fee_minor), (3, -888, 0));
    assert_eq!(rows(&GOOD.replace('\r', ""), Cny).unwrap(), read);
}

#[test]
fn reads_an_empty_day() {
    let text = format!("\u{feff}{HEADER}\n{SUMMARY}\n`0,`0.00,`0\n");
    assert_eq!(rows(&text, Usd).unwrap(), []);
}

#[test]
fn refuses_each_fault_by_name_and_line() {
    for (what, with, expected) in [
        ("\u{feff}", "", (1, Fault::ByteOrderMark)),
        ("time,kind", "when,kind", (1, Fault::Header)),
        ("`0.06000\r\n`2026", "`0.06000,`\r\n`2026", (2, Fault::Columns)),
        ("`ord_1,", "", (2, Fault::Columns)),
        ("`sbx1", "sbx1", (2, Fault::Backtick)),
        ("17:30:00", "25:30:00", (2, Fault::Time)),
        ("2026-11-22T17", "1926-11-22T17", (2, Fault::Time)),
        ("`payment", "`", (2, Fault::Kind)),
        ("`sbx1", "`", (2, Fault::Number)),
        ("`sbx1", "`=1+1", (2, Fault::Number)),
        ("`ord_1", "`ord`1", (2, Fault::Number)),
        ("`CNY,`-8", "`USD,`-8", (3, Fault::Currency)),
        ("10.00", "10.0", (2, Fault::Amount)),
        ("10.00", "10", (2, Fault::Amount)),
        ("10.00", "10.000", (2, Fault::Amount)),
        ("10.00", "010.00", (2, Fault::Amount)),
        ("10.00", "0.00", (2, Fault::Amount)),
        ("10.00", "-10.00", (2, Fault::Amount)),
        ("10.00", "+10.00", (2, Fault::Amount)),
        ("10.00", "1e1.00", (2, Fault::Amount)),
        ("10.00", "10000000000000.00", (2, Fault::Amount)),
        ("-8.88", "8.88", (3, Fault::Amount)),
        ("-8.88", "--8.88", (3, Fault::Amount)),
        ("-8.88", "-0.00", (3, Fault::Amount)),
        ("`0.06000\r\n`2026", "`0.060000\r\n`2026", (2, Fault::Fee)),
        ("`0.06000\r\n`2026", "`-0.00\r\n`2026", (2, Fault::Fee)),
        ("`0.06000\r\n`2026", "`0.\r\n`2026", (2, Fault::Fee)),
        ("count,", "number,", (4, Fault::Backtick)),
        ("`2,`1", "`3,`1", (5, Fault::Count)),
        ("`2,`1", "`02,`1", (5, Fault::Count)),
        ("`1.12", "`1.13", (5, Fault::Total)),
        ("`1.12", "`x", (5, Fault::Total)),
        ("`1.12,`0.06", "`1.12,`0.07", (5, Fault::FeeTotal)),
    ] {
        let text = GOOD.replacen(what, with, 1);
        assert_ne!(text, GOOD, "{what}");
        assert_eq!(fault(&text), expected, "{what} -> {with}");
    }
    assert_eq!(fault(&format!("{GOOD}\n")), (6, Fault::Trailing));
    assert_eq!(fault(""), (1, Fault::ByteOrderMark));
    assert_eq!(fault("\u{feff}"), (1, Fault::Header));
}

#[test]
fn a_truncated_bill_is_refused() {
    for end in (0..GOOD.len()).filter(|end| GOOD.is_char_boundary(*end)) {
        assert!(rows(&GOOD[..end], Cny).is_err(), "{end}");
    }
}

#[test]
fn fees_are_rounded_half_away_from_zero() {
    for (fee, minor) in [
        ("0", 0),
        ("0.00499", 0),
        ("0.005", 1),
        ("0.01499", 1),
        ("0.015", 2),
        ("12.34567", 1235),
        ("-0.00499", 0),
        ("-0.005", -1),
        ("-0.06", -6),
    ] {
        let text = format!(
            "\u{feff}{HEADER}\n`2026-11-22T00:00:00Z,`payment,`t,`,`USD,`20.00,`{fee}\n\
             {SUMMARY}\n`1,`20.00,`{fee}\n"
        );
        assert_eq!(rows(&text, Usd).unwrap()[0].fee_minor, minor, "{fee}");
    }
}

#[test]
fn a_bill_with_another_hash_is_refused() {
    let sha256 = sha256(GOOD);
    let file = BillFile { text: GOOD.into(), sha256: sha256.clone() };
    assert_eq!(read(&file, Cny).unwrap().len(), 2);
    let other = BillFile { text: GOOD.replace("10.00", "20.00"), sha256 };
    assert_eq!(read(&other, Cny).unwrap_err().fault, Fault::Hash);
    let long = BillFile { text: "x".repeat(BYTES_MAX + 1), sha256: String::new() };
    assert_eq!(read(&long, Cny).unwrap_err().fault, Fault::TooLong);
}

#[test]
fn a_row_of_an_unknown_kind_keeps_the_providers_word() {
    for (word, amount, minor) in
        [("gift", "10.00", 1000), ("调账", "-10.00", -1000), ("Service fee", "0.00", 0)]
    {
        let text = format!(
            "\u{feff}{HEADER}\n`2026-11-22T00:00:00Z,`{word},`t,`,`USD,`{amount},`0.01\n\
             {SUMMARY}\n`1,`{amount},`0.01\n"
        );
        let [row] = &rows(&text, Usd).unwrap()[..] else { panic!("{word}") };
        assert_eq!((row.kind, row.provider_kind.as_str()), (Kind::Other, word));
        assert_eq!(row.amount_minor, minor);
    }
}

#[test]
fn a_returned_payout_comes_in() {
    let text = |amount: &str| {
        format!(
            "\u{feff}{HEADER}\n`2026-11-22T00:00:00Z,`payout_returned,`t,`,`CNY,`{amount},`0\n\
             {SUMMARY}\n`1,`{amount},`0\n"
        )
    };
    assert_eq!(rows(&text("5.00"), Cny).unwrap()[0].kind, Kind::PayoutReturned);
    assert_eq!(fault(&text("-5.00")), (2, Fault::Amount));
}
