-- Jobs are taken one of each kind in turn, so that a hundred thousand refunds of one article do not
-- stand before the question whether somebody has just paid.
CREATE INDEX job_due_by_kind ON job (kind, due_at, subject_id) WHERE done_at IS NULL;
