module.exports = { generateBuildId: () => 'build' };
