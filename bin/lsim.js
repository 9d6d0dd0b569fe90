#!/usr/bin/env node
import "../dist/heap.js";
import "../dist/cli.js";
