-- Operators.

-- operator_audit_no_update: append_only
UPDATE operator_audit SET action = 'nothing';

-- operator_audit_no_update: append_only
UPDATE OR REPLACE operator_audit SET id = 1 WHERE id = 2;

-- operator_audit_no_delete: append_only
DELETE FROM operator_audit;

-- operator_audit_no_replace: append_only
INSERT OR REPLACE INTO operator_audit VALUES (1, 20, 'olga', 'nothing', 'inv-used', '{}');

-- operator_action_once: exists
INSERT OR REPLACE INTO operator_action VALUES ('act-old', 'mass_return', 'fre-fog', 2, 2000, 'counts',
  'olga', 20, NULL, NULL, NULL);

-- operator_action_once: action_open
INSERT OR REPLACE INTO operator_action VALUES ('n', 'unfreeze', 'fre-hail', 2, 2000, 'counts',
  'otto', 20, NULL, NULL, NULL);

-- operator_action_once: two_persons
UPDATE operator_action SET withdrawn_at = 21 WHERE id = 'act-fog';
INSERT INTO operator_action VALUES ('n', 'unfreeze', 'fre-fog', 2, 2000, 'counts', 'olga', 20, 'olga',
  20, NULL);

-- operator_action_fixed: append_only
UPDATE operator_action SET approved_by = NULL, approved_at = NULL WHERE id = 'act-old';

-- operator_action_fixed: append_only
UPDATE operator_action SET withdrawn_at = 21 WHERE id = 'act-fog';
UPDATE operator_action SET approved_by = 'otto', approved_at = 22, withdrawn_at = NULL
  WHERE id = 'act-fog';

-- operator_action_approve: two_persons
UPDATE operator_action SET approved_by = 'olga', approved_at = 22 WHERE id = 'act-fog';

-- operator_action_approve: two_persons
UPDATE human_link SET made_at = 9, confirmed_by = 'olga' WHERE id = 'lnk-waits';
UPDATE person SET human_id = 'olga', linked_at = 9 WHERE id = 'otto';
UPDATE operator_action SET approved_by = 'otto', approved_at = 22 WHERE id = 'act-fog';

-- operator_action_no_delete: append_only
DELETE FROM operator_action WHERE id = 'act-fog';

-- operator_task_once: exists
INSERT OR REPLACE INTO operator_task VALUES ('suspense', 'sus-1', 'x', 30, 999, NULL, NULL);

-- operator_task_once: exists
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
INSERT OR REPLACE INTO operator_task VALUES ('suspense', 'sus-1', 'x', 30, 999, 40, 'kept');

-- operator_task_once: exists
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
INSERT OR REPLACE INTO operator_task VALUES ('suspense', 'sus-1', 'x', 29, 999, NULL, NULL);

-- operator_task_fixed: append_only
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
UPDATE operator_task SET closed_at = NULL, outcome = NULL WHERE subject_id = 'sus-1';

-- operator_task_fixed: append_only
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
UPDATE operator_task SET detail = 'x', opened_at = 31 WHERE subject_id = 'sus-1';

-- operator_task_fixed: append_only
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
UPDATE operator_task SET outcome = 'kept' WHERE subject_id = 'sus-1';

-- operator_task_no_delete: append_only
DELETE FROM operator_task;

-- freeze_start: exists
UPDATE freeze SET state = 'lifted' WHERE id = 'fre-hail';
INSERT OR REPLACE INTO freeze VALUES ('fre-hail', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL,
  'open', 20, NULL);

-- freeze_start: freeze_open
INSERT OR REPLACE INTO freeze VALUES ('n', 'hail', 1, 'perks', 'olga', 20, 99, NULL, NULL, NULL, 'open',
  20, NULL);

-- freeze_start: freeze_open
UPDATE freeze SET state = 'returning' WHERE id = 'fre-hail';
UPDATE freeze SET state = 'returned' WHERE id = 'fre-hail';
INSERT OR REPLACE INTO freeze VALUES ('n', 'hail', 1, 'perks', 'olga', 20, 99, NULL, NULL, NULL, 'open',
  20, NULL);

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 21, decide_until = 99 WHERE id = 'fre-hail';
UPDATE freeze SET appeal = 'Never mind' WHERE id = 'fre-hail';

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 21, decide_until = 99 WHERE id = 'fre-hail';
UPDATE freeze SET decide_until = 999 WHERE id = 'fre-hail';

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 99, decide_until = 999 WHERE id = 'fre-hail';
UPDATE freeze SET state = 'appealed', appealed_at = 21 WHERE id = 'fre-hail';

-- freeze_no_delete: append_only
DELETE FROM freeze WHERE id = 'fre-fog';

-- freeze_step: appeal_over
UPDATE freeze SET state = 'appealed', appeal = 'Why?', appealed_at = 99, decide_until = 999
  WHERE id = 'fre-hail';

-- freeze_no_delete: append_only
INSERT INTO freeze VALUES ('n', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20,
  NULL);
DELETE FROM freeze WHERE id = 'n';

-- freeze_start: freeze_open
INSERT INTO freeze VALUES ('n', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20,
  NULL);
INSERT OR REPLACE INTO freeze VALUES ('m', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20,
  NULL);

-- operator_action_once: exists
INSERT INTO freeze VALUES ('n', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20,
  NULL);
INSERT OR REPLACE INTO operator_action VALUES ('act-old', 'unfreeze', 'n', 2, 2000, 'counts', 'olga',
  20, NULL, NULL, NULL);
