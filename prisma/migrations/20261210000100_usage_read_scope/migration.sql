-- A key that was made before doesn't have the new scope.
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes_known, ADD CONSTRAINT api_keys_scopes_known CHECK (
  scopes <@ '{usage:write,usage:reverse,usage:read,balance:read,transactions:read,agent:run}'::text[] AND cardinality(scopes) > 0
);
