import { vi } from "vitest";

// A setup file for files that share a process, but not their modules: these keep the mocks that they were loaded with.
vi.resetModules();
