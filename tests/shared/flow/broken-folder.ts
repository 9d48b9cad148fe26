/** A flow with a problem in nearly everything that can have one. */
export const BROKEN: Record<string, string> = {
  "flow.yaml": `name: shop
prompt: chat.prompty
step:
  customer: { lookup: knowledge/customers.jsonl, by: id, equals: {{ customerid }} }
  documents: { retrieve: knowledge/products.csv, query: "{{ question }}", mode: fuzzy }
  orders: { lookup: ../orders.jsonl, by: id, equals: "{{ reviews }}" }
  reviews: { lookup: knowledge/customers.jsonl, by: id, equals: "{{ orders.id }}", top: 2 }
  rewritten: { prompt: rewrite.prompty, inputs: { text: "{{ qestion }}" } }
  stock: { lookup: knowledge/stocks.jsonl, by: id }
  weather: { unsupported: the Python node weather.py }
variants:
  prompt: { brief: brief.prompty, gone: gone.prompty }
  temprature: [0, 5]
evaluation:
  datasets: [data/rows.jsonl, data/more.jsonl, data/rows.jsonl]
  evaluators: [similarty, relevance]
gate:
  similarity: { mean: "> 3" }
  latencey: { p95: "4s" }
  relevance: { meen: ">= 3" }
rollout: slowly
`,
  "chat.prompty": `---
name: shop
inputs:
  question: { type: strng }
  tone: { type: string }
---
system:
Help {{ custmer.name }} with {{ documents | nofilter }}, {{ weather }}, {{ stock.count }}.
{% for review in reviews %}{{ review.text | nofilter }}{% endfor %}
{{ rewritten }}
user:
{{ question }
`,
  "brief.prompty":
    "---\ntemplate: handlebars\nmodel: [\n---\nsystem:\nBe brief.\nuser:\n{{ question | nofilter }}\n",
  "rewrite.prompty": "system:\nRewrite: {{ txt }}\nuser:\n{{ text }}\n",
  "knowledge/customers.jsonl": '{"id": 1, "name": "Ada"}\n{"id": 2, "name": }\n["Bob"]\n',
  "knowledge/products.csv": "id,name\n1,Tent,9\n2\n",
  "knowledge/stock.jsonl": '{"id": 1, "count": 3}\n',
  "data/rows.jsonl":
    '{"id": "1", "question": "Hi", "customerId": "1", "ground_truth": "Hello"}\n{"id": "1", "question": "Ho", "customerId": "2", "ground_truth": "Hello"}\n',
  "data/more.jsonl":
    '{"id": "2", "question": "Hi", "customerId": "1"}\n{"question"\n{"id": "3"}\n{"question": "When", "customerId": "2" "ground_truth": "x"}\n',
  "data/labels.jsonl": '{"row": "1", "answer": "x", "scores": {"similarty": 3}}\n',
};

/** What is wrong with it, in order, each by its place and how its message begins: no consequence of it is among them. */
export const PROBLEMS = [
  "brief.prompty:4:1: error: Flow sequence in block collection must be",
  "brief.prompty:8:15: error: Unknown filter nofilter.",
  "chat.prompty:4:3: warning: question is of the kind strng, which there is",
  "chat.prompty:5:3: warning: Nobody uses the input tone.",
  "chat.prompty:8:9: warning: The template uses custmer, which nothing",
  "chat.prompty:8:45: error: Unknown filter nofilter.",
  "chat.prompty:9:18: warning: reviews is an object and looped over: the loop",
  "chat.prompty:9:45: error: Unknown filter nofilter.",
  "chat.prompty:12:1: error: The {{ that opens here has no closing }}.",
  "data/labels.jsonl:1:1: error: There is no evaluator similarty.",
  "data/more.jsonl:2:12: error: This is not JSON: Expected",
  "data/more.jsonl:3:1: error: The row has no input.",
  "data/more.jsonl:4:40: error: This is not JSON: Expected",
  "data/rows.jsonl:2:1: error: The id 1 is taken by data/rows.jsonl:1.",
  "flow.yaml:3:1: error: Unknown key step.",
  "flow.yaml:4:66: error: A template needs quotes around it.",
  "flow.yaml:4:66: error: The step customer uses customerid, which",
  "flow.yaml:5:81: error: steps.documents.mode: Expected vector, keyword",
  "flow.yaml:6:21: error: A path never leaves the flow's folder: .. is",
  "flow.yaml:6:54: error: The steps orders, reviews wait for each other:",
  "flow.yaml:7:84: error: The step reviews is a lookup: it has no top.",
  "flow.yaml:8:57: error: The step rewritten uses qestion, which nothing",
  "flow.yaml:9:3: error: The lookup stock needs by and equals.",
  "flow.yaml:9:20: error: There is no file or folder",
  "flow.yaml:10:3: error: The step weather stands for the Python node",
  "flow.yaml:12:41: error: There is no file gone.prompty.",
  "flow.yaml:13:3: error: There is no parameter temprature to vary.",
  "flow.yaml:13:19: error: variants.temperature.1: Expected at most ",
  "flow.yaml:15:48: error: The dataset data/rows.jsonl is listed twice.",
  "flow.yaml:16:16: error: There is no evaluator similarty.",
  "flow.yaml:16:16: error: similarity compare with ground_truth, which 1",
  "flow.yaml:18:23: error: similarity.mean: There is no comparison >.",
  "flow.yaml:19:3: error: The gate asks for latencey, which nothing",
  "flow.yaml:19:20: error: latencey.p95: 4s has no direction.",
  "flow.yaml:20:16: error: Unknown key meen.",
  'flow.yaml:21:10: error: There is no rollout "slowly".',
  "knowledge/customers.jsonl:2:19: error: This is not JSON: Unexpected token",
  "knowledge/customers.jsonl:3:1: error: A record is a JSON object.",
  "knowledge/products.csv:2:1: error: The row has 3 columns, the header 2.",
  "knowledge/products.csv:3:1: error: The row has 1 columns, the header 2.",
  "rewrite.prompty:2:13: warning: The template uses txt, which nothing supplies.",
];
