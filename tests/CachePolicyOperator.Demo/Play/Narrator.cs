using CachePolicyOperator.TestStage;
using Spectre.Console;

namespace CachePolicyOperator.Demo.Play;

/// <summary>Tells the play in a terminal, with a clock in front of every line.</summary>
internal sealed class Narrator(IAnsiConsole console, TimeProvider time)
{
    private const int Width = 140;

    private readonly long _start = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void Title(string title)
    {
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : Width;
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(title)}[/]").LeftJustified());
    }

    public void Act(string letter, string title)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold yellow]({letter})[/] [bold]{Markup.Escape(title)}[/]").LeftJustified());
    }

    public void Say(string text) => Line("grey", string.Empty, text);

    public void Good(string text) => Line("green", "✓ ", text);

    public void Bad(string text) => Line("red", "✗ ", text);

    /// <summary>A command, as a person would type it.</summary>
    public void Command(string text) => Line("cyan", "$ ", text);

    /// <summary>What a program said, as it said it.</summary>
    public void Quote(string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            console.MarkupLine($"           [grey]│[/] {Markup.Escape(line.TrimEnd())}");
        }
    }

    public void Failed(string message)
    {
        console.WriteLine();
        Bad("the play did not go as it should");
        Quote(message);
    }

    public void LookAround(DemoStage stage)
    {
        Title("The stage stays up. Look around; Ctrl-C ends it");
        console.WriteLine();
        Command($"export KUBECONFIG={stage.Kubeconfig}");
        Command($"kubectl get cachepolicies,cacheincidents -n {DemoStage.Namespace}");
        Command($"kubectl describe cacheincident -n {DemoStage.Namespace}");
        Command($"kubectl get pods,services,events -n {DemoStage.Namespace}");
        Command($"curl -i -H 'Host: {Storefront.Host}' {stage.FrontDoor}static/app.css");
    }

    private void Line(string colour, string mark, string text) =>
        console.MarkupLine($"[grey]{Elapsed:mm\\:ss\\.fff}[/]  [{colour}]{mark}{Markup.Escape(text)}[/]");
}
