import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

/** The sample flow's own files agree with one another: what it is judged by follows from what it knows. */
const folder = new URL("../../flows/contoso-chat/", import.meta.url);

interface Product {
  id: string;
  name: string;
  category: string;
  brand: string;
  price: number;
  description: string;
}
interface Order {
  orderId: string;
  productId: string;
  product: string;
  quantity: number;
  unitPrice: number;
  total: number;
  date: string;
  status: string;
}
interface Customer {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  membership: string;
  orders: Order[];
}
interface Policy {
  id: string;
  title: string;
  text: string;
}
interface Question {
  id: string;
  category: string;
  customerId: string;
  question: string;
  ground_truth: string;
  chat_history?: { role: string; content: string }[];
}

function read(path: string): string {
  return readFileSync(new URL(path, folder), "utf8");
}
function readLines<Row>(path: string): Row[] {
  return read(path)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}
function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
/** "$1,200" and "1200" are the same number, a sign is left out. */
function numbersIn(text: string): string[] {
  return [...text.matchAll(/\d+(?:,\d{3})*(?:\.\d+)?/g)].map(([number]) => number.replaceAll(",", ""));
}

const products = readLines<Product>("knowledge/products.jsonl");
const customers = readLines<Customer>("knowledge/customers.jsonl");
const policies = readLines<Policy>("knowledge/policies.jsonl");
const questions = readLines<Question>("data/questions.jsonl");
const customerOf = new Map(customers.map((customer) => [customer.id, customer]));
const orders = customers.flatMap((customer) => customer.orders);

function inCategory(category: string): Question[] {
  return questions.filter((row) => row.category === category);
}
/** What an answer to the row may draw on: the policies, the customer's own orders and the products it is about. */
function knowledgeOf(row: Question): string {
  const ownOrders = customerOf.get(row.customerId)?.orders ?? [];
  const about = products.filter(({ name }) => row.ground_truth.includes(name));
  if (row.category === "order") return JSON.stringify(ownOrders);
  if (row.category === "policy") return JSON.stringify(policies);
  return JSON.stringify([about, row.category === "multi_turn" ? [ownOrders, policies] : []]);
}

describe("what Contoso Chat knows", () => {
  test("is large enough to be a shop", () => {
    expect(products.length).toBeGreaterThanOrEqual(24);
    expect(customers.length).toBeGreaterThanOrEqual(14);
    expect(policies.length).toBeGreaterThanOrEqual(10);
  });

  test("names every product, customer, order and policy once", () => {
    expect(repeated(products.map(({ id }) => id))).toEqual([]);
    expect(repeated(products.map(({ name }) => name))).toEqual([]);
    expect(repeated(customers.map(({ id }) => id))).toEqual([]);
    expect(repeated(orders.map(({ orderId }) => orderId))).toEqual([]);
    expect(repeated(policies.map(({ id }) => id))).toEqual([]);
  });

  test("describes every product in three to six sentences", () => {
    const lengths = products.map(({ id, description }) => ({
      id,
      sentences: description.split(/(?<=\.)\s+(?=[A-Z])/).length,
    }));
    expect(lengths.filter(({ sentences }) => sentences < 3 || sentences > 6)).toEqual([]);
  });

  test("prices products in whole dollars, which the prompt prints as they are", () => {
    expect(products.filter(({ price }) => !Number.isInteger(price) || price <= 0)).toEqual([]);
  });

  test("orders only products of the shop, at the shop's price and with the right total", () => {
    const wrong = orders.filter((order) => {
      const product = products.find(({ id }) => id === order.productId);
      return (
        product?.name !== order.product ||
        product.price !== order.unitPrice ||
        order.total !== order.quantity * order.unitPrice
      );
    });
    expect(wrong).toEqual([]);
  });

  test("dates orders as ISO days in the order of their numbers, with a known status", () => {
    const byNumber = orders.toSorted((a, b) => Number(a.orderId) - Number(b.orderId)).map(({ date }) => date);
    expect(byNumber).toEqual(byNumber.toSorted());
    expect(
      byNumber.filter((date) => new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date),
    ).toEqual([]);
    expect(
      orders.filter(({ status }) => !/^(?:processing|shipped|delivered|returned|cancelled)$/.test(status)),
    ).toEqual([]);
  });

  test("gives customers addresses that reach nobody, and a known membership", () => {
    expect(customers.filter(({ email }) => !email.endsWith("@example.com"))).toEqual([]);
    expect(customers.filter(({ phone }) => !phone.startsWith("555-01"))).toEqual([]);
    expect(customers.filter(({ membership }) => !/^(?:Base|Silver|Gold|Platinum)$/.test(membership))).toEqual(
      [],
    );
  });
});

describe("what Contoso Chat is judged by", () => {
  test("has enough rows of every kind", () => {
    expect(questions.length).toBeGreaterThanOrEqual(64);
    expect(inCategory("product").length).toBeGreaterThanOrEqual(10);
    expect(inCategory("comparison").length).toBeGreaterThanOrEqual(4);
    expect(inCategory("order").length).toBeGreaterThanOrEqual(8);
    expect(inCategory("policy").length).toBeGreaterThanOrEqual(8);
    expect(inCategory("unanswerable").length).toBeGreaterThanOrEqual(6);
    expect(inCategory("other_customer").length).toBeGreaterThanOrEqual(5);
    expect(inCategory("off_topic").length).toBeGreaterThanOrEqual(5);
    expect(inCategory("multi_turn").length).toBeGreaterThanOrEqual(4);
  });

  test("names and asks every row once, with a ground truth and a customer that exists", () => {
    expect(repeated(questions.map(({ id }) => id))).toEqual([]);
    expect(repeated(questions.map(({ question }) => question))).toEqual([]);
    expect(questions.filter((row) => !row.question.trim() || !row.ground_truth.trim())).toEqual([]);
    expect(questions.filter(({ customerId }) => !customerOf.has(customerId))).toEqual([]);
  });

  test("asks of every customer something", () => {
    const asked = new Set(questions.map(({ customerId }) => customerId));
    expect(customers.filter(({ id }) => !asked.has(id))).toEqual([]);
  });

  test("states no number in a ground truth that the row's knowledge does not hold", () => {
    const invented = questions.flatMap((row) => {
      const known = new Set(numbersIn(knowledgeOf(row)));
      const missing = numbersIn(row.ground_truth).filter((number) => !known.has(number));
      return missing.length > 0 ? [{ id: row.id, missing }] : [];
    });
    expect(invented).toEqual([]);
  });

  test("grounds every product answer in a product that it names", () => {
    const answers = [...inCategory("product"), ...inCategory("comparison")];
    const unnamed = answers.filter((row) => !products.some(({ name }) => row.ground_truth.includes(name)));
    expect(unnamed).toEqual([]);
  });

  test("never gives another customer's name, order or address away in a ground truth", () => {
    const leaks = questions.filter((row) =>
      customers.some(
        (other) =>
          other.id !== row.customerId &&
          [other.lastName, other.email, other.phone, ...other.orders.map(({ orderId }) => orderId)].some(
            (secret) => row.ground_truth.includes(secret),
          ),
      ),
    );
    expect(leaks).toEqual([]);
  });

  test("gives every multi-turn row, and no other, a history that ends with the assistant", () => {
    expect(
      questions.filter((row) => (row.chat_history !== undefined) !== (row.category === "multi_turn")),
    ).toEqual([]);
    const roles = inCategory("multi_turn").map((row) => row.chat_history?.map(({ role }) => role).join(" "));
    expect(new Set(roles)).toEqual(new Set(["user assistant"]));
  });
});

describe("the files of Contoso Chat", () => {
  test("name one another", () => {
    const flow = parse(read("flow.yaml")) as {
      prompt: string;
      steps: Record<string, { lookup?: string; retrieve?: string }>;
      evaluation: { datasets: string[] };
    };
    const sources = Object.values(flow.steps).map((step) => step.lookup ?? step.retrieve ?? "no source");
    const named = [flow.prompt, ...sources, ...flow.evaluation.datasets];
    expect(named.filter((path) => read(path).length === 0)).toEqual([]);
  });

  test("declare in the prompt every input that the steps and the dataset supply", () => {
    const [, frontmatter = ""] = read("chat.prompty").split(/^---$/m);
    const prompt = parse(frontmatter) as { inputs: Record<string, unknown>; sample: Record<string, unknown> };
    const supplied = ["question", "customerId", "chat_history", "customer", "documents", "policies"];
    expect(Object.keys(prompt.inputs)).toEqual(supplied);
    expect(Object.keys(prompt.sample)).toEqual(supplied);
  });

  test("are described in the README with the rows and the lines that they hold", () => {
    const readme = read("README.md");
    const counted = [...readme.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, category = "", rows]) => ({
      category,
      rows: Number(rows),
    }));
    expect(counted).toEqual(
      [...new Set(questions.map(({ category }) => category))].map((category) => ({
        category,
        rows: inCategory(category).length,
      })),
    );
    expect(readme).toContain(`${products.length} products`);
    expect(readme).toContain(`${policies.length} policies`);
    expect(readme).toContain(`${customers.length} customers`);
    expect(readme).toContain(`${questions.length} questions`);
    const prompt = read("chat.prompty");
    expect(prompt).toContain("\n- Answer only from");
    expect(prompt).toContain("\n- When they do not hold");
    expect(prompt).toContain("\n- Answer in at most four sentences.\n");
    expect(prompt).toMatch(/^\{% for product in documents %\}.*\n.*\n\{% endfor %\}$/m);
    expect(questions.find(({ id }) => id === "unanswerable-03")?.question).toContain("sale");
  });
});
