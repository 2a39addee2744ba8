export const WEBHOOK_SECRET = "whsec_test_secret_of_the_endpoint"
