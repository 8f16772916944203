"""The prompt panel: generator, model, prompt, parameters, seed, count."""
