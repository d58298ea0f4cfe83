// The playground's page: over the worker that served it, or with an engine in this tab.
import { render } from "preact";
import { flows } from "./flows/index";
import { App } from "./ui/app";
import { workerPlace } from "./worker";

// Written as files for any host, the page has no worker behind it.
const switchable = document.documentElement.dataset.mode === "worker";
const wanted = new URLSearchParams(location.search).get("in");
const inTab = !switchable || wanted === "tab";
const tabPlace = () => import("./tab").then((tab) => tab.tabPlace());

const root = document.getElementById("app");
if (root) {
  // What the page says while there is no script.
  root.replaceChildren();
  render(
    <App
      mode={inTab ? "tab" : "worker"}
      switchable={switchable}
      flows={flows}
      openPlace={inTab ? tabPlace : workerPlace}
      trouble={
        switchable && !inTab && wanted !== null
          ? "Ignored in the address: its “in” can only be “tab”."
          : undefined
      }
    />,
    root,
  );
}
