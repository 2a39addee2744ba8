-- A sign-in link is found by its token alone, so the token names one address.
CREATE UNIQUE INDEX "verification_tokens_token_hash_key" ON "verification_tokens"("token_hash");
