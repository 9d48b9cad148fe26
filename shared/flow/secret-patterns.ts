/** What keys look like. Each ends in bounded work on any text. */
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
];
