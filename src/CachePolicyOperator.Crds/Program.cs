using CachePolicyOperator.Crds.Schema;

// Writes the CustomResourceDefinitions into a directory, or says which file is not as it would be written.
if (args is not ([_] or [_, "--verify"]))
{
    Console.Error.WriteLine("usage: cachepolicy-crds DIRECTORY [--verify]");
    return 2;
}

var (directory, verify, differs) = (args[0], args.Length == 2, false);
Directory.CreateDirectory(directory);
foreach (var (name, content) in CustomResourceDefinitions.All())
{
    var file = Path.Combine(directory, name);
    if (!verify)
    {
        File.WriteAllText(file, content);
    }
    else if (!File.Exists(file) || File.ReadAllText(file) != content)
    {
        Console.Error.WriteLine(
            $"error: {file} is not as the classes say\nhelp: run `make crds` and commit the result");
        differs = true;
    }
}

return differs ? 1 : 0;
