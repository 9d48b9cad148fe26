/** A sign of an attempt to make an assistant leave its instructions. */
export interface AttackSignal {
  name: string;
  /** What it adds to the score of a text that has it. */
  weight: number;
  /** Of folded text: lower case, no accents, plain letters. Each ends in bounded work on any text. */
  pattern: RegExp;
}

const NEAR = String.raw`[^.!?\n]{0,40}?`;
const LEAVE = String.raw`(?:ignor\w*|disregard\w*|forget|override|overrule|bypass|neglect|set aside|throw out|erase|discard|do not follow|don'?t follow|stop following|pay no attention to|cancel|drop)`;
const RULES = String.raw`(?:instructions?|guidelines?|directives?|prompts?|rules|programming|constraints|restrictions|safeguards?|safety (?:filters?|measures?|rules)|content (?:policy|policies|filters?)|guardrails?|training|system message)`;
/** What makes rules those of the assistant, and not those of a washing label. */
const ITS = String.raw`(?:(?:all|any|every)(?: of)?(?: (?:the|your|these|those|its))?|your|(?:the |these |those )?(?:previous|prior|above|earlier|preceding|existing|original|initial|system|developer|safety)) (?:[\w']+ ){0,3}?`;
const HIDDEN = String.raw`(?:(?:system|initial|hidden|original|secret|internal|developer|confidential|pre) ?-?(?:prompt|instructions?|message|directives?|guidelines?|configuration|rules)|(?:full|exact|entire|underlying|first) (?:system )?prompt|(?:prompt|instructions|rules) (?:you (?:were|have been|got) (?:given|told)|verbatim|word for word|above(?! (?:it|that|the|\d))))`;
const TELL = String.raw`(?:reveal|show|print|repeat|output|display|leak|dump|recite|expose|disclose|share|write (?:out|down)|tell me|give me|paste|echo|copy|summari[sz]e|translate|encode|spell out|return|what (?:is|are|was|were))`;

const REVOKE = String.raw`(?:ignor\w*|disregard\w*|forget|override|bypass\w*|scrap|drop|lift(?:ed|ing)?|disabl\w+|deactivat\w+|turn(?:ed)? off|switch(?:ed)? off|set aside|put aside|suspend\w*|abandon|abolish|break|violate|shed|escape|evade|circumvent|without|free (?:of|from)|no longer (?:have|follow|bound by|need)|not bound by|don'?t (?:have|follow|obey|respect)|stop (?:following|obeying)|has no|have no)`;
const LIMITS = String.raw`(?:instructions|rules|guidelines|guidance|directives|restrictions|limitations|filters?|filtering|constraints|safeguards|guardrails|programming|censorship|ethics|morals|content polic(?:y|ies)|safety|moderation)`;
/** Signs that are enough by themselves have the threshold's weight, the others only together. */
export const ATTACK_SIGNALS: readonly AttackSignal[] = [
  {
    name: "instruction_override",
    weight: 3,
    pattern: new RegExp(String.raw`\b${LEAVE}\b ${NEAR}\b${ITS}${RULES}\b`),
  },
  {
    name: "instruction_override",
    weight: 3,
    pattern: new RegExp(
      String.raw`\b${LEAVE}\b (?:all|everything|anything|what|whatever)\b ${NEAR}\b(?:(?:was|were|been|have|has|had|you'?ve been) (?:been )?(?:said|told|given|instructed|taught|written)|above|before this|up to now|you know|previously)\b`,
    ),
  },
  {
    name: "instruction_override_translated",
    weight: 3,
    pattern:
      /\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.!?\n]{0,40}\b(?:anweisung\w*|vorgaben|regeln|instruktionen|befehle)|\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?\n]{0,40}\b(?:les|tes|vos|toutes) [^.!?\n]{0,20}\b(?:instructions|consignes|regles)|\b(?:ignora\w*|olvida\w*|ignore|esqueca|dimentica\w*|negeer)\b[^.!?\n]{0,40}\b(?:instrucciones|reglas|instrucoes|regras|istruzioni|regole|regels|instructies)\b|\bvergiss\b[^.!?\n]{0,12}\b(?:alles|was)\b|\b(?:ne (?:respecte|suis|suivez|respectez) (?:plus|pas)|sans (?:aucune? )?(?:regle|filtre|restriction|censure|limite)s?|no tienes|sin (?:ninguna? )?(?:regla|filtro|restriccione?|censura|limite)s?|ohne (?:jede |alle )?(?:regeln|filter|einschrankungen|zensur))\b[^.!?\n]{0,25}\b(?:consignes|instructions|regles|reglas|instrucciones|filtros?|repond\w*|responde\w*|antworte\w*|ia|ki|bot)\b|\b(?:reglas|regles)\b[^.\n]{0,10}[.,] (?:responde|reponds)\b[^.\n]{0,20}\b(?:sin|sans)\b|(?:忽略|无视|忘记|無視)[^。\n]{0,20}(?:指令|指示|规则|提示)/,
  },
  {
    name: "prompt_disclosure",
    weight: 3,
    pattern: new RegExp(String.raw`\b${TELL}\b ${NEAR}\b${HIDDEN}\b`),
  },
  {
    name: "prompt_disclosure",
    weight: 3,
    pattern:
      /\b(?:repeat|print|output|copy|echo|write|recite)\b[^.!?\n]{0,30}\b(?:everything|all|the (?:text|words|lines?|content|messages?))\b[^.!?\n]{0,20}\b(?:above(?! \d)|before (?:this|my)|starting with|preceding)\b/,
  },
  {
    name: "named_jailbreak",
    weight: 3,
    pattern:
      /\bdo anything now\b|\b(?:jailbreak|jailbroken|god|sudo|unfiltered|unrestricted|uncensored|dan|evil) mode\b|\b(?:you are|act as|become|be) (?:now )?(?:dan|stan|dude|aim|betterdan|evilbot|jailbot|devmode)\b|\bdeveloper mode (?:enabled|activated|output)\b|\b(?:enable|activate|enter|switch (?:in)?to) (?:your )?(?:developer|debug|admin|maintenance|root|god) mode\b[^.!?\n]{0,60}\b(?:you|rules|restrict\w*|filters?|answer|respond|assistant|chat)\b/,
  },
  {
    name: "unrestricted_persona",
    weight: 3,
    pattern:
      /\b(?:you are|you're|act (?:as|like)|pretend|role ?-?play|imagine|simulate|play the (?:role|part)|behave (?:as|like)|become|speak as|(?:respond|answer|talk|reply)(?: to [\w']+)? as|you will \w+ as|(?:characters?|models?|ai|bot|assistant|version of you)\W{1,2}(?:that|which|who|with|called|named))\b[^\n]{0,120}\b(?:(?:no|without|free (?:of|from)|has no|have no|not bound by|ignores?|beyond|lacks?|unbound by|does not (?:have|follow)|doesn'?t (?:have|follow)|never follows?) (?:any |all |its |your |the |more )?(?:[\w']+ ){0,2}?(?:rules|restrictions?|limits?|limitations?|filters?|filtering|censorship|ethic\w*|ethical|morals?|morality|guidelines|constraints|safeguards|policies|policy)|unfiltered|uncensored|unrestricted|amoral|unethical|jailbroken|can do anything|says? anything|answers? (?:anything|everything|every question))\b/,
  },
  {
    name: "forged_role",
    weight: 3,
    pattern:
      /<\|?(?:im_start|im_end|system|endoftext|assistant|start_header_id)\|?>|\[\/?(?:inst|system)\]|<<\/?sys>>|<\/?(?:system|user|assistant|admin|instructions?)(?:[_ -]?prompt)?>|\n\s*(?:#{1,4} ?|\[|\*\*)?(?:system|developer)(?: (?:message|prompt|override|update|note|instruction))?(?:\]|\*\*)? ?:|\bnew system (?:instructions?|prompt|message|directives?)\b|\b(?:begin|start|end)(?: of)? (?:the |your )?(?:system|new|user|developer|admin) (?:prompt|instructions?|message|input|override)\b/,
  },
  { name: "opens_as_system", weight: 2, pattern: /^\W{0,6}(?:system|developer|admin)(?: \w+)? ?: / },
  {
    name: "operator_command",
    weight: 3,
    pattern:
      /\b(?:admin|system|developer|debug|root|safety|policy) overrides?\b|(?:^|[.!\n])\W{0,40}(?:debug|developer|admin|maintenance|god|test) mode ?(?:on\b|:|=|enabled|activated|engaged)/,
  },
  {
    name: "instruction_override",
    weight: 3,
    pattern: new RegExp(
      String.raw`\b(?:you|your|yourself|you're|ai|assistant|bot|chatbot|model)\b[^.!?\n]{0,60}\b${REVOKE}\b[^.!?\n]{0,40}\b${LIMITS}\b|\b${REVOKE}\b[^.!?\n]{0,25}\b(?:you|your|yourself|the ai'?s?|the assistant'?s?|the bot'?s?|its|these|safety)\b[^.!?\n]{0,20}\b${LIMITS}\b|\b${REVOKE}\b[^.!?\n]{0,20}\b${LIMITS}\b[^.!?\n]{0,15}\byou(?:'ve| have| were| are|'re| follow| got| had)\b|\b(?:safety|content|ethical|moral) (?:guidelines|rules|filters?|polic(?:y|ies)|restrictions)\b[^.!?\n]{0,15}\b(?:don'?t|do not|doesn'?t) (?:exist|apply|matter)\b`,
    ),
  },
  {
    name: "freed",
    weight: 2,
    pattern:
      /\b(?:unrestricted|unfiltered|uncensored|liberated|jailbroken|unshackled|unchained|amoral|lawless)\b/,
  },
  {
    name: "no_limits",
    weight: 2,
    pattern:
      /\b(?:has|have|had|knows?|with|got) (?:absolutely )?(?:no|zero) (?:rules|limits|limitations|policies|restrictions|filters?|morals?|ethics|boundaries|censorship)\b|\banswers? (?:everything|anything|every question|all questions)\b/,
  },
  {
    name: "role_reset",
    weight: 3,
    pattern:
      /\byou(?:'re| are|r)?(?:n'?t| not| no longer) (?:an? |the |my )?(?:[\w-]+ ){0,4}?(?:assistant|bot|chatbot|ai|model|helper)\b|\b(?:stop|quit|cease) (?:being|acting (?:as|like)) (?:an? |the )?(?:[\w-]+ ){0,4}?(?:assistant|bot|chatbot|ai|model|helper)\b/,
  },
  {
    name: "note_to_model",
    weight: 3,
    pattern:
      /\b(?:note|message|instructions?|attention|hint|reminder|directive)\b[^.\n]{0,12}\b(?:to|for) (?:the |any |all |every )?(?:ai|assistant|llm|language model|model|chatbot|agent)s?\b|\b(?:ai|llm|language model|assistant)s? (?:reading|processing|summari[sz]ing|that reads?|who reads?)\b|\bif you are an? (?:ai|llm|language model|assistant)\b/,
  },
  {
    name: "new_instructions",
    weight: 2,
    pattern:
      /\b(?:new|updated|revised|real|actual|following) (?:system |secret |priority )?(?:instructions?|directives?|task|goal|objective|orders?|rules?|prompt)\b ?(?:is|are|:|-|follow|apply|supersede)|\byour (?:new|only|real|true) (?:task|role|goal|purpose|job|instructions?|mission|objective|directive)\b|\bfrom (?:now|this point|here) on(?:ward)?,? (?:you|ignore|only|answer|respond|every)\b/,
  },
  {
    name: "forced_compliance",
    weight: 1.5,
    pattern:
      /\b(?:never|do not|don'?t|must not|cannot|can'?t|are not allowed to|without) (?:ever )?(?:refus\w+|declin\w+|apologi[sz]\w+|warn\w*|moraliz\w+|add(?:ing)? (?:any )?(?:warnings?|disclaimers?)|break(?:ing)? character|say(?:ing)? (?:no|you can'?t|that you))\b|\bno (?:warnings?|disclaimers?|refusals?|matter (?:how|what))\b|\byou (?:must|will|have to|shall) (?:always )?(?:obey|comply|answer (?:every|all|any)|do (?:as|what|whatever)|fulfil\w*)\b/,
  },
  {
    name: "dictated_opening",
    weight: 2,
    pattern:
      /\b(?:start|begin|open|prefix) (?:your |the |every |each )?(?:answer|reply|response|message|sentence)s? with ["'“«]?(?:sure|absolutely|yes|of course|certainly|affirmative|ok)\b/,
  },
  {
    name: "inverted_rules",
    weight: 2,
    pattern:
      /\bopposite day\b|\b(?:comply|answer) instead of refus\w+|\binstead of (?:refusing|declining)\b|\bwhen(?:ever)? you(?:'d| would)? (?:normally |usually )?(?:refuse|decline|say no)\b|\beven if (?:it|they|this|that|the answer)[^.!?\n]{0,20}\b(?:violat\w+|breaks?|is against|are against|illegal|unethical|forbidden)\b/,
  },
  {
    name: "rules_revoked",
    weight: 3,
    pattern:
      /\b(?:your|previous|prior|earlier|original|these|all) (?:[\w']+ ){0,2}?(?:instructions|rules|guidelines|directives|restrictions|programming|limits|limitations|policies)\b[^.!?\n]{0,15}\b(?:no longer (?:apply|bind|count|valid|hold|matter)|(?:are|is|have been|has been|were) (?:now )?(?:void|cancel\w+|obsolete|suspended|lifted|removed|deleted|revoked|replaced|outdated|off|disabled)|(?:do not|don'?t) (?:apply|bind|count|matter))\b/,
  },
  {
    name: "told_before",
    weight: 3,
    pattern:
      /\b(?:what|which|everything|all)\b[^.!?\n]{0,15}\b(?:were|was|have|had) you (?:been )?(?:told|instructed|ordered|asked|given|programmed) (?:to (?:do|hide|keep|say|not)|by|at|before|in|not to)\b|\b(?:your )(?:own )?(?:system|hidden|secret|initial|original|internal|confidential) (?:prompt|instructions?|message|directives)\b|\bsystem ?-?prompts?\b/,
  },
  {
    name: "prompt_asked",
    weight: 3,
    pattern:
      /\b(?:what(?:'s| is| are| does)|which|quote|paste|show|print|give|tell|reveal|repeat|share|output|complete|recite|read|first (?:line|words?|sentence)|beginning|start) ?[^.!?\n]{0,40}\byour (?:own |full |whole |exact |current )?(?:prompt|instructions|directives|configuration|programming)\b(?! (?:for|on|about|to|how|of|manual|sheet|video))/,
  },
  {
    name: "preceding_text_asked",
    weight: 3,
    pattern:
      /\b(?:messages?|text|sentences?|words|lines?|content|paragraphs?)\b[^.!?\n]{0,30}\b(?:that (?:precedes?|comes? before|came before)|preceding|in front of|prior to|right before|placed before) (?:this|my|our|the)\b/,
  },
  {
    name: "rules_asked",
    weight: 2,
    pattern: new RegExp(
      String.raw`\b${TELL}\b (?:me |us )?(?:all )?(?:of )?your (?:rules|instructions|guidelines|directives|prompt|programming)\b`,
    ),
  },
  {
    name: "word_for_word",
    weight: 1.5,
    pattern: /\bverbatim\b|\bword[- ]for[- ]word\b|\bcharacter by character\b/,
  },
  {
    name: "forged_transcript",
    weight: 2,
    pattern: /\n\s*(?:assistant|user|human|ai|bot) ?: /,
  },
  {
    name: "forged_end",
    weight: 2,
    pattern:
      /[-=#*<[]{2}\s{0,3}end (?:of )?(?:the )?(?:document|context|conversation|text|data|input|question|quote)|<\/(?:document|context|user|input|question|data)s?>/,
  },
  { name: "root_command", weight: 2, pattern: /(?:^|\n)\s*sudo \w+/ },
  {
    name: "false_authority",
    weight: 1.5,
    pattern:
      /\b(?:i am|i'm|i,|this is|speaking as|as|user is) (?:your |the |an? )?(?:\w+ )?(?:developer|creator|administrator|admin|programmer|engineer|owner|maintainer|openai|anthropic|microsoft|red ?team\w*|security (?:team|researcher|auditor))\b|\b(?:authori[sz]ed|approved|cleared) (?:by|to (?:see|access|bypass|override|view))\b|\b(?:admin|root|debug|maintenance|override) (?:access|code|password|privileges?|authori[sz]ation)\b/,
  },
  {
    name: "protection_named",
    weight: 1.5,
    pattern:
      /\b(?:bypass|circumvent|evade|get around|work around|turn off|switch off|disable|deactivate|remove|drop|lift|suspend|break|without)\b[^.!?\n]{0,25}\b(?:your|its|the ai'?s?|chatbot'?s?|assistant'?s?|all|any|safety|content|ethical|moral)\b[^.!?\n]{0,20}\b(?:filters?|filtering|safeguards?|guardrails?|restrictions?|limitations?|safety|moderation|censorship|content polic(?:y|ies)|guidelines|ethics)\b/,
  },
  {
    name: "fictional_frame",
    weight: 1,
    pattern:
      /\b(?:hypothetical\w*|fictional\w*|in a (?:novel|story|movie|game|parallel|world)|for (?:a|my) (?:novel|story|screenplay|research)|purely educational|educational purposes|let'?s play a game|pretend|role ?-?play|act (?:as|like)|answer twice|be my|you are now|opposite day|grandm\w+)\b/,
  },
  {
    name: "harmful_request",
    weight: 2,
    pattern:
      /\b(?:napalm|bombs?|explosives?|meth|malware|ransomware) (?:recipes?|instructions|tutorials?|production)\b|\b(?:make|build|create|cook|synthesi[sz]e|construct|write|get|buy|give me|explain|describe|steps? (?:to|for)|how to)\b[^.!?\n]{0,40}\b(?:bombs?|explosives?|napalm|meth(?:amphetamine)?|malware|ransomware|keyloggers?|phishing|nerve agents?|weapons? of|untraceable|counterfeit|credit card numbers|(?:product|licen[cs]e|activation|serial) keys)\b|\b(?:product|licen[cs]e|activation) keys\b|\b(?:hack|break) into\b|\bwithout (?:getting|being) caught\b/,
  },
  {
    name: "hidden_text",
    weight: 3,
    pattern:
      /\b(?:decode|decrypt|base64|rot ?-?13|reverse|hex)\b[^\n]{0,60}\b(?:and|then) (?:do|follow|execute|obey|run|answer|comply|act|carry out)\b|\b(?:follow|execute|obey|run) [^.!?\n]{0,30}\b(?:decoded|base64|encoded|hidden|rot ?-?13)\b/,
  },
  {
    name: "exfiltration",
    weight: 3,
    pattern:
      /\b(?:send|post|forward|append|upload|leak|exfiltrate|email)\b[^.!?\n]{0,60}\b(?:conversation|chat (?:history|log)|system prompt|user'?s? data|api keys?|passwords?|credentials|secrets|everything you know)\b[^\n]{0,40}(?:\bto\b|https?:)|!\[[^\]\n]{0,40}\]\(https?:[^)\n]{0,200}[?&][^)\n]{0,80}(?:\{|=\[|=<)/,
  },
  {
    name: "sent_to_address",
    weight: 2,
    pattern:
      /\b(?:send|append|post|forward|upload|add|submit|attach)\b[^.!?\n]{0,60}\b(?:to|into|at) <?https?:\/\//,
  },
  {
    name: "conversation_taken",
    weight: 1,
    pattern: /\b(?:this|our|the|whole|entire) (?:chat|conversation|dialogue|session)\b/,
  },
  {
    name: "others_secrets",
    weight: 3,
    pattern:
      /\b(?:dump|list|show|print|export|give me|output|reveal|access|tell me)\b[^.!?\n]{0,30}\b(?:all|every|other|another|someone else'?s|the admin'?s?)\b[^.!?\n]{0,30}\b(?:passwords?|credentials|api keys?|card numbers?|social security|password hash\w*)\b/,
  },
  {
    name: "others_details",
    weight: 3,
    pattern:
      /\b(?:give|tell|show|list|reveal|print|send|what is|what's)\b[^.!?\n]{0,30}\b(?:address|phone(?: number)?s?|e-?mails?|names?|card|order history|orders?|birthdays?|details|data)\b[^.!?\n]{0,15}\b(?:of|for|from|belonging to) (?:another|other|all|every|someone else|somebody else|the previous|a different) ?(?:\w+ )?(?:customer|user|client|person|guest|buyer)?s?\b|\b(?:tell|show|give|print|reveal|list|what are|read)\b[^.!?\n]{0,20}\b(?:your|the|any|all) (?:\w+ )?(?:api keys?|credentials|environment variables?|connection strings?|access tokens?|secret keys?)\b/,
  },
  {
    name: "others_data",
    weight: 2,
    pattern:
      /\b(?:dump|list|show|print|export|give me|output|reveal|access)\b[^.!?\n]{0,20}\b(?:all|every|other|another|someone else'?s|the entire)\b[^.!?\n]{0,20}\b(?:customers?'?s?|users?'?s?|accounts?|patients?|employees?|database|passwords?|credentials|api keys?|secrets)\b/,
  },
];

/** Words about attacks: who asks what one is, or how to ward it off, says such words without making one. */
export const TALKS_OF_ATTACKS =
  /\b(?:what (?:does|do|is (?:an?|the meaning)|are)|why (?:do|does|would|is)|explain (?:what|why)|meaning of|definition of|difference between|how (?:do|can|should|could) (?:i|we|you|one|developers|companies) (?:prevent|protect|defend|detect|stop|block|guard|train|test|secure)|protect (?:my|our|against)|article|blog ?post|paper|researchers|example of|history of|translate the (?:phrase|word))\b/;
