import { render } from "preact";
import { App } from "./app.tsx";
import { followLinks } from "./data/location.ts";

const root = document.getElementById("studio");
if (root) {
  followLinks();
  root.replaceChildren();
  render(<App />, root);
}
