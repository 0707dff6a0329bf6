-- At least two rows in every table of the sandbox provider.

INSERT INTO sandbox_setting VALUES ('signing_key', 'k'), ('clock_offset_ms', '0');
INSERT INTO sandbox_sign_in (login, subject, label, name, role, lang, place) VALUES
  ('ana', 'ana', 'Ana', 'Ana', 'reader', 'en', 1),
  ('wen', 'wen', 'Wen', 'Wen', 'writer', 'en', 2);
INSERT INTO sandbox_order (number, request, amount_minor, currency, payee, description, return_url,
                           expires_at, state, transaction_id, paid_at, paid_minor) VALUES
  ('ord-1', '{}', 1000, 'CNY', 'Wen', 'Snow', '/i/1', 99, 'paid', 'tx-1', 20, 1000),
  ('ord-2', '{}', 1000, 'CNY', 'Wen', 'Snow', '/i/2', 99, 'paid', 'tx-2', 20, 1000);
INSERT INTO sandbox_refund VALUES
  ('ref-1', '{}', 'ord-1', 'tx-1', 1000, 'succeeded', 0, 20),
  ('ref-2', '{}', 'ord-2', 'tx-2', 1000, 'succeeded', 0, 20);
INSERT INTO sandbox_fault VALUES ('notify', 'lost', 1), ('notify', 'doubled', 0);
INSERT INTO sandbox_payout VALUES
  ('prt-1', '{}', 'card-1', 1000, 'CNY', '1970-01-08', 30, 'succeeded', NULL, 0, 30, NULL),
  ('prt-2', '{}', 'card-1', 1000, 'CNY', '1970-01-08', 30, 'processing', NULL, 1, NULL, NULL);
INSERT INTO sandbox_dispute VALUES
  ('dsp-1', 'ord-1', 'tx-1', 1000, 'CNY', 40, 'open', NULL),
  ('dsp-2', 'ord-2', 'tx-2', 1000, 'CNY', 40, 'lost', 50);
INSERT INTO sandbox_bill_fault VALUES
  ('CNY', '1970-01-01', 'missing_row', ''),
  ('USD', '1970-01-01', 'extra_row', 'tx-1');
