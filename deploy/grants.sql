-- What the product may do that does not own its tables. As their owner, once `migrate` has run; again after every
-- upgrade that brings tables. Before the first time: CREATE ROLE raffles_web LOGIN. docs/operations.md, "Audit log".
GRANT USAGE ON SCHEMA public TO raffles_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO raffles_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO raffles_web;
REVOKE UPDATE, DELETE ON audit_auditentry FROM raffles_web;
