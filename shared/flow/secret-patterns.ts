/** What keys look like. Each ends in bounded work on any text, and none goes on behind a closing brace. */
export const SECRETS: { what: string; pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/ },
  { what: "a storage account's key", pattern: /AccountKey=[A-Za-z0-9+/=]{20,200}/ },
  { what: "an API key", pattern: /\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,200}/ },
  { what: "a shared access signature", pattern: /[?&]sig=[A-Za-z0-9%+/=]{30,200}/ },
  {
    what: "an access token of GitHub",
    pattern: /\b(?:ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{60,200}/,
  },
  { what: "an access key of AWS", pattern: /\bAKIA[0-9A-Z]{16}\b/ },
  { what: "a key of a service", pattern: /\b(?:SharedAccessKey|InstrumentationKey)=[A-Za-z0-9+/=-]{30,200}/ },
  { what: "a key of Google", pattern: /\bAIza[\w-]{35}\b/ },
  { what: "a token of Slack", pattern: /\bxox[abprs]-[\w-]{20,200}/ },
  { what: "a token of Hugging Face", pattern: /\bhf_[A-Za-z0-9]{34}\b/ },
  { what: "an access token of GitLab", pattern: /\bglpat-[\w-]{20}/ },
  {
    // Keys of Azure have no mark of their own: hexadecimal, or letters and digits, that something calls a key.
    what: "a key",
    pattern:
      /(?:[Kk]ey|KEY|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Pp]assword|PASSWORD)["']?\s{0,5}[:=]\s{0,5}["']?(?:(?=[a-fA-F]{0,100}[0-9])[0-9a-fA-F]{32,128}\b|(?=[A-Za-z+/]{0,100}[0-9])(?=[^A-Z]{0,100}[A-Z])(?=[^a-z]{0,100}[a-z])[A-Za-z0-9+/]{40,200}={0,2}(?![\w.-]))/,
  },
];
