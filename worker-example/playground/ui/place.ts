// The place where requests go, for the parts of the page that say something about it.
import { createContext } from "preact";
import type { Place } from "../model";

/** Undefined until it is open. */
export const PlaceOpened = createContext<Place | undefined>(undefined);
