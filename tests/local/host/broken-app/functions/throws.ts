throw new Error("no such thing as a free lunch");
