import { mutualTls } from "./connection.mjs";
import { journeys } from "./journeys.mjs";

journeys("nextjs", mutualTls);
