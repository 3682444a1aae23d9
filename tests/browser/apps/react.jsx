// The same with React. Version 18 sets attributes alone, so that events are listened to by a ref; 19 can do without.

import "bankid-kit/browser";
import { useCallback, useState } from "react";
import { createRoot } from "react-dom/client";

const Login = ({ onComplete }) => {
  const listen = useCallback((login) => login?.addEventListener("complete", onComplete), [onComplete]);
  return <bankid-login ref={listen} start-action="/start" src="/events" cancel-action="/cancel" />;
};

const App = () => {
  const [isIn, setIn] = useState(false);
  const enter = useCallback(() => setIn(true), []);
  return isIn ? "Välkommen." : <Login onComplete={enter} />;
};

createRoot(document.querySelector("main")).render(<App />);
