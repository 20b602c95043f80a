const [, , name, port] = process.argv;
const express = require(name);
const app = express();
app.get('/mypage', (request, response) => response.send('personal:mypage'));
app.use('/account', (request, response) => response.send('personal:account'));
app.get('/area/orders', (request, response) => response.send('personal:area'));
app.use((request, response) => response.send('public'));
app.use((error, request, response, next) => response.status(400).send('public'));
app.listen(Number(port), '127.0.0.1');
