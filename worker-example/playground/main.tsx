// The playground's page.
import { render } from "preact";

const app = document.getElementById("app");
if (app) render(<p>{document.documentElement.dataset.mode}</p>, app);
if (document.documentElement.dataset.mode === "tab")
  import("./tab").then(({ tabPlace }) => tabPlace());
