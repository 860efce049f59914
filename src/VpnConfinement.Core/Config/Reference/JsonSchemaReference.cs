using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VpnConfinement.Config.Reference;

/// <summary>The options as a JSON Schema of draft 2020-12: <c>docs/vpn-confinement.schema.json</c>. What two options say together it cannot know.</summary>
public static class JsonSchemaReference
{
    /// <summary>Prints it.</summary>
    public static string Print()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("$id", "urn:vpn-confinement:config");
            json.WriteString("title", "vpn-confinement");
            json.WriteString("description", "Configuration of vpn-confinement, as TOML or JSON.");
            Table(json, OptionTables.Top);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Table(Utf8JsonWriter json, OptionTable table)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var option in table.Options)
        {
            json.WriteStartObject(option.Name);
            json.WriteString("description", option.Doc);
            Type(json, option.Type);
            Literal(json, "default", option.Default);
            Literal(json, "examples", option.Example is { } example ? $"[{example}]" : null);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Type(Utf8JsonWriter json, OptionType type)
    {
        switch (type)
        {
            case OptionType.Bool:
                json.WriteString("type", "boolean");
                break;
            case OptionType.Text text:
                Pattern(json, text.Form.Pattern);
                break;
            case OptionType.Secret:
                Pattern(json, TextForm.KeyPattern);
                json.WriteBoolean("writeOnly", true);
                break;
            case OptionType.Number number:
                Range(json, number.Least, number.Most);
                break;
            case OptionType.Mark mark:
                Mark(json, mark.Least);
                break;
            case OptionType.Choice choice:
                json.WriteStartArray("enum");
                foreach (var name in choice.Names)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
                break;
            case OptionType.List list:
                Items(json, () => Type(json, list.Item));
                break;
            case OptionType.Table one:
                Table(json, one.Options);
                break;
            case OptionType.NamedTables named:
                json.WriteString("type", "object");
                json.WriteBoolean("additionalProperties", false);
                json.WriteStartObject("patternProperties");
                json.WriteStartObject(named.Name.Pattern);
                Table(json, named.Options);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case OptionType.TableList list:
                Items(json, () => Table(json, list.Options));
                break;
            default:
                throw new InvalidOperationException($"a type of an unknown kind: {type.GetType().Name}");
        }
    }

    private static void Mark(Utf8JsonWriter json, uint least)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        Range(json, least, uint.MaxValue);
        json.WriteEndObject();
        json.WriteStartObject();
        Pattern(json, TextForm.MarkPattern);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Items(Utf8JsonWriter json, Action item)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        item();
        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, long least, long most)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", least);
        json.WriteNumber("maximum", most);
    }

    private static void Pattern(Utf8JsonWriter json, string pattern)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", pattern);
    }

    private static void Literal(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }
}
