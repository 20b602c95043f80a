using System.Globalization;
using System.Text;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Writes a tree in one fixed layout, includes spliced in, comments dropped: two VCLs that mean the same word for word
/// give the same text. Reading the text gives the tree again.
/// </summary>
public static class CanonicalPrinter
{
    public static SourceFile Print(VclFile file)
    {
        var writer = new TreeWriter();
        foreach (var declaration in file.Declarations)
        {
            writer.Write(declaration);
        }

        return SourceFile.FromBytes(file.Source.Name, Encoding.Latin1.GetBytes(writer.ToString()));
    }

    /// <summary>One expression on one line, as characters that are bytes.</summary>
    public static string Print(Expression expression) => ExpressionWriter.Write(expression);

    private sealed class TreeWriter
    {
        private readonly StringBuilder _text = new();
        private int _indent;

        public override string ToString() => _text.ToString();

        public void Write(Declaration declaration)
        {
            switch (declaration)
            {
                case VersionDeclaration version:
                    Line($"vcl {(int)version.Version / 10}.{(int)version.Version % 10};");
                    break;
                case ImportDeclaration import:
                    var alias = import.Name.Text == import.Vmod.Text ? "" : $" as {import.Name}";
                    var from = import.From is null ? "" : $" from {ExpressionWriter.Quote(import.From)}";
                    Line($"import {import.Vmod}{alias}{from};");
                    break;
                case AclDeclaration acl:
                    WriteAcl(acl);
                    break;
                case BackendDeclaration { None: true } none:
                    Line($"backend {none.Name} none;");
                    break;
                case BackendDeclaration backend:
                    WriteProperties($"backend {backend.Name} {{", backend.Properties);
                    break;
                case ProbeDeclaration probe:
                    WriteProperties($"probe {probe.Name} {{", probe.Properties);
                    break;
                case UnusedDeclaration unused:
                    Line($"unused {unused.Name};");
                    break;
                case SubDeclaration sub:
                    Line($"sub {sub.Name} {{");
                    WriteBody(sub.Body);
                    Line("}");
                    break;
                case InlineCDeclaration c:
                    Line($"C{{{c.Code}}}C");
                    break;
            }
        }

        private void WriteAcl(AclDeclaration acl)
        {
            Line($"acl {acl.Name}{string.Concat(acl.Flags.Items.Select(f => $" {(f.On ? '+' : '-')}{f.Name}"))} {{");
            _indent++;
            foreach (var entry in acl.Entries)
            {
                var address = $"{ExpressionWriter.Quote(entry.Host)}{(entry.Mask is null ? "" : $"/{entry.Mask}")}";
                Line($"{(entry.Negated ? "! " : "")}{(entry.Optional ? $"({address})" : address)};");
            }

            _indent--;
            Line("}");
        }

        private void WriteProperties(string opening, EquatableList<BackendProperty> properties)
        {
            Line(opening);
            _indent++;
            foreach (var property in properties)
            {
                if (property.Nested is { } nested)
                {
                    WriteProperties($".{property.Name} = {{", nested);
                }
                else
                {
                    Line($".{property.Name} = {string.Join(' ', property.Values.Items.Select(ExpressionWriter.Write))};");
                }
            }

            _indent--;
            Line("}");
        }

        private void WriteBody(Block block)
        {
            _indent++;
            foreach (var statement in block.Statements)
            {
                Write(statement);
            }

            _indent--;
        }

        private void Write(Statement statement)
        {
            switch (statement)
            {
                case Block block:
                    Line("{");
                    WriteBody(block);
                    Line("}");
                    break;
                case IfStatement conditional:
                    WriteIf(conditional);
                    break;
                case InlineCStatement c:
                    Line($"C{{{c.Code}}}C");
                    break;
                default:
                    Line($"{SimpleStatement(statement)};");
                    break;
            }
        }

        private void WriteIf(IfStatement conditional)
        {
            var opening = "if (";
            foreach (var branch in conditional.Branches)
            {
                Line($"{opening}{ExpressionWriter.Write(branch.Condition)}) {{");
                WriteBody(branch.Body);
                opening = "} else if (";
            }

            if (conditional.Else is { } otherwise)
            {
                Line("} else {");
                WriteBody(otherwise);
            }

            Line("}");
        }

        private static string SimpleStatement(Statement statement) => statement switch
        {
            SetStatement set =>
                $"set {ExpressionWriter.Write(set.Target)} {Symbol(set.Operator)} {ExpressionWriter.Write(set.Value)}",
            UnsetStatement unset => $"unset {ExpressionWriter.Write(unset.Target)}",
            CallStatement call => $"call {ExpressionWriter.Write(call.Target)}",
            ReturnStatement { Action: null } => "return",
            ReturnStatement { Arguments.Count: 0 } back => $"return ({back.Action})",
            ReturnStatement back =>
                $"return ({back.Action}({string.Join(", ", back.Arguments.Items.Select(ExpressionWriter.Write))}))",
            HashDataStatement hash => $"hash_data({ExpressionWriter.Write(hash.Value)})",
            SyntheticStatement synthetic => $"synthetic({ExpressionWriter.Write(synthetic.Value)})",
            BanStatement ban => $"ban({ExpressionWriter.Write(ban.Value)})",
            NewStatement made => $"new {made.Name} = {ExpressionWriter.Write(made.Constructor)}",
            ExpressionStatement expression => ExpressionWriter.Write(expression.Call),
            _ => throw new System.Diagnostics.UnreachableException(statement.GetType().Name),
        };

        private static string Symbol(AssignmentOperator assignment) => assignment switch
        {
            AssignmentOperator.Add => "+=",
            AssignmentOperator.Subtract => "-=",
            AssignmentOperator.Multiply => "*=",
            AssignmentOperator.Divide => "/=",
            _ => "=",
        };

        private void Line(string line) =>
            _text.Append(' ', _indent * 4).Append(CultureInfo.InvariantCulture, $"{line}\n");
    }
}
