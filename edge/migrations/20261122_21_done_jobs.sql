-- Jobs that are done are found by their age, so that they are taken away without a look at the rest.
CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL;
