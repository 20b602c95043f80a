const fastify = require('fastify')();
fastify.get('/mypage', async () => 'personal:mypage');
fastify.get('/account', async () => 'personal:account');
fastify.get('/account/*', async () => 'personal:account');
fastify.get('/area/orders', async () => 'personal:area');
fastify.setNotFoundHandler((request, reply) => reply.code(200).send('public'));
fastify.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
