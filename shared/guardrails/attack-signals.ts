/** A sign of an attempt to make an assistant leave its instructions. */
export interface AttackSignal {
  name: string;
  /** What it adds to the score of a text that has it. */
  weight: number;
  /** Of folded text: lower case, no accents, plain letters. Each ends in bounded work on any text. */
  pattern: RegExp;
}

const NEAR = String.raw`[^.!?\n]{0,40}?`;
const LEAVE = String.raw`(?:ignor\w*|disregard\w*|forget|override|overrule|bypass|neglect|set aside|throw out|erase|discard|do not follow|don'?t follow|stop following|pay no attention to|cancel)`;
const RULES = String.raw`(?:instructions?|guidelines?|directives?|prompts?|rules|programming|constraints|restrictions|safeguards?|safety (?:filters?|measures?|rules)|content (?:policy|policies|filters?)|guardrails?|training|orders|commands|system message)`;
const EARLIER = String.raw`(?:previous|prior|above|earlier|preceding|before|existing|original|initial|system|developer|all of your|all your|your|any|every|the) (?:\w+ ){0,3}?`;
const HIDDEN = String.raw`(?:(?:system|initial|hidden|original|secret|internal|developer|confidential|full|exact|entire|underlying|first|pre) ?-?(?:prompt|instructions?|message|directives?|guidelines?|configuration|rules)|(?:prompt|instructions|rules) (?:you (?:were|have been|got) (?:given|told)|verbatim|word for word|above))`;
const TELL = String.raw`(?:reveal|show|print|repeat|output|display|leak|dump|recite|expose|disclose|share|write (?:out|down)|tell me|give me|paste|echo|copy|summari[sz]e|translate|encode|spell out|return|what (?:is|are|was|were))`;

/** Signs that are enough by themselves have the threshold's weight, the others only together. */
export const ATTACK_SIGNALS: readonly AttackSignal[] = [
  {
    name: "instruction_override",
    weight: 3,
    pattern: new RegExp(String.raw`\b${LEAVE}\b ${NEAR}\b${EARLIER}${RULES}\b`),
  },
  {
    name: "instruction_override",
    weight: 3,
    pattern: new RegExp(
      String.raw`\b${LEAVE}\b (?:all|everything|anything|what|whatever)\b ${NEAR}\b(?:(?:was|were|been|have|has|had|you'?ve been|i|they) ?(?:been )?(?:said|told|given|instructed|taught|written)|above|before this|up to now|you know|previously)\b`,
    ),
  },
  {
    name: "instruction_override_translated",
    weight: 3,
    pattern:
      /\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.!?\n]{0,40}\b(?:anweisung\w*|vorgaben|regeln|instruktionen|befehle)|\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?\n]{0,40}\b(?:les|tes|vos|toutes) [^.!?\n]{0,20}\b(?:instructions|consignes|regles)|\b(?:ignora\w*|olvida\w*|ignore|esqueca|dimentica\w*)\b[^.!?\n]{0,40}\b(?:instrucciones|reglas|instrucoes|regras|istruzioni|regole)\b|(?:忽略|无视|忘记|無視)[^。\n]{0,20}(?:指令|指示|规则|提示)/,
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
      /\b(?:repeat|print|output|copy|echo|write|recite)\b[^.!?\n]{0,30}\b(?:everything|all|the (?:text|words|lines?|content|messages?))\b[^.!?\n]{0,20}\b(?:above|before (?:this|my)|starting with|preceding)\b/,
  },
  {
    name: "named_jailbreak",
    weight: 3,
    pattern:
      /\bdo anything now\b|\b(?:jailbreak|jailbroken|god|sudo|unfiltered|unrestricted|uncensored|dan|evil) mode\b|\b(?:you are|act as|become|be|as|called) (?:now )?(?:dan|stan|dude|aim|betterdan|evilbot|jailbot|devmode)\b|\bdeveloper mode (?:enabled|on|activated|output)\b|\b(?:enable|activate|enter|switch (?:in)?to) (?:your )?(?:developer|debug|admin|maintenance|root|god) mode\b[^.!?\n]{0,60}\b(?:you|rules|restrict\w*|filters?|answer|respond|assistant|chat)\b/,
  },
  {
    name: "unrestricted_persona",
    weight: 3,
    pattern:
      /\b(?:you are|you're|act (?:as|like)|pretend|role ?-?play|imagine|simulate|play the (?:role|part)|behave (?:as|like)|become|speak as|respond as|answer as)\b[^\n]{0,120}\b(?:(?:no|without|free (?:of|from)|has no|have no|not bound by|ignores?|beyond|lacks?|unbound by|does not (?:have|follow)|doesn'?t (?:have|follow)|never follows?) (?:any |all |its |your |the |more )?(?:\w+ ){0,2}?(?:rules|restrictions?|limits?|limitations?|filters?|filtering|censorship|ethic\w*|ethical|morals?|morality|guidelines|constraints|safeguards|policies|policy)|unfiltered|uncensored|unrestricted|amoral|unethical|jailbroken|can do anything|says? anything|answers? (?:anything|everything|every question))\b/,
  },
  {
    name: "forged_role",
    weight: 3,
    pattern:
      /<\|?(?:im_start|im_end|system|endoftext|assistant|start_header_id)\|?>|\[\/?(?:inst|system)\]|<<\/?sys>>|<\/?system(?:[_ -]?prompt)?>|(?:^|\n)\s*(?:#{1,4} ?|\[|\*\*)?(?:system|developer)(?: (?:message|prompt|override|update|note|instruction))?(?:\]|\*\*)? ?:|\b(?:begin|start|end)(?: of)? (?:the |your )?(?:system|new|user|developer|admin) (?:prompt|instructions?|message|input|override)\b/,
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
      /\b(?:never|do not|don'?t|must not|cannot|can'?t|are not allowed to|without) (?:ever )?(?:refus\w+|declin\w+|apologi[sz]\w+|warn\w*|moraliz\w+|add(?:ing)? (?:any )?(?:warnings?|disclaimers?)|break(?:ing)? character|say(?:ing)? (?:no|you can'?t|that you))\b|\bno (?:warnings?|disclaimers?|refusals?|matter (?:how|what))\b|\b(?:start|begin) (?:your |the |every )?(?:answer|reply|response|message)s? with ["'“]?(?:sure|absolutely|yes|of course|certainly|affirmative)\b|\byou (?:must|will|have to|shall) (?:always )?(?:obey|comply|answer (?:every|all|any)|do (?:as|what|whatever)|fulfil\w*)\b/,
  },
  {
    name: "false_authority",
    weight: 1.5,
    pattern:
      /\b(?:i am|i'm|this is|speaking as|as) (?:your |the |an? )?(?:\w+ )?(?:developer|creator|administrator|admin|programmer|engineer|owner|maintainer|openai|anthropic|microsoft|red ?team\w*|security (?:team|researcher|auditor))\b|\b(?:authori[sz]ed|approved|cleared) (?:by|to (?:see|access|bypass|override|view))\b|\b(?:admin|root|debug|maintenance|override) (?:access|code|password|privileges?|authori[sz]ation)\b/,
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
      /\b(?:hypothetical\w*|fictional\w*|in a (?:novel|story|movie|game|parallel|world)|for (?:a|my) (?:novel|story|screenplay|research)|purely educational|educational purposes|let'?s play a game|pretend|role ?-?play|act as|you are now|opposite day|grandm\w+)\b/,
  },
  {
    name: "harmful_request",
    weight: 2,
    pattern:
      /\b(?:make|build|create|cook|synthesi[sz]e|construct|write|get|buy|give me|explain|describe|steps? (?:to|for)|how to)\b[^.!?\n]{0,40}\b(?:bombs?|explosives?|napalm|meth(?:amphetamine)?|malware|ransomware|keyloggers?|phishing|nerve agents?|weapons? of|untraceable|counterfeit|credit card numbers)\b|\b(?:hack|break) into\b|\bwithout (?:getting|being) caught\b/,
  },
  {
    name: "hidden_text",
    weight: 2,
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
    name: "others_data",
    weight: 2,
    pattern:
      /\b(?:dump|list|show|print|export|give me|output|reveal|access)\b[^.!?\n]{0,20}\b(?:all|every|other|another|someone else'?s|the entire)\b[^.!?\n]{0,20}\b(?:customers?'?s?|users?'?s?|accounts?|patients?|employees?|database|passwords?|credentials|api keys?|secrets)\b/,
  },
];

/** Words about attacks: who asks what one is, or how to ward it off, says such words without making one. */
export const TALKS_OF_ATTACKS =
  /\b(?:what (?:does|do|is (?:an?|the meaning)|are)|why (?:do|does|would|is)|explain (?:what|why|how)|meaning of|definition of|difference between|how (?:do|can|should|could) (?:i|we|you|one|developers|companies) (?:prevent|protect|defend|detect|stop|block|guard|train|test|secure)|protect (?:my|our|against)|article|blog ?post|paper|researchers|example of|history of|translate the (?:phrase|word))\b/;
