import { render } from "preact";
import { Board } from "./board.tsx";
import { Detail } from "./detail.tsx";
import { Filters } from "./filters.tsx";
import { Graphs } from "./graphs.tsx";
import { Header } from "./header.tsx";
import { searchByKey } from "./keys.ts";
import { begin, keepTime } from "./link.ts";
import { followAddress, route } from "./route.ts";
import { Services } from "./services.tsx";
import { Timeline } from "./timeline.tsx";

function App() {
  return (
    <>
      <Header />
      <main class={`show-${route.value.show || "nodes"}`}>
        {route.value.graphs === "" ? <Filters /> : <Graphs />}
        <Services />
        {route.value.graphs === "" && <Board />}
        <Timeline />
      </main>
      <Detail />
    </>
  );
}

const root = document.getElementById("app");
if (root) render(<App />, root);
addEventListener("keydown", searchByKey);
followAddress();
keepTime();
void begin();
