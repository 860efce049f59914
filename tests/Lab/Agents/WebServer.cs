using System.Net;
using System.Text;

namespace VpnConfinement.Lab.Agents;

/// <summary>A web service of the ordinary .NET kind: whoever asks for /NAME gets what the web server of that name answers.</summary>
internal static class WebServer
{
    public static int Run(string port)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var listener = new HttpListener { Prefixes = { $"http://*:{port}/" } };
        listener.Start();
        Console.WriteLine($"listening on {port}");
        while (true)
        {
            var context = listener.GetContext();
            byte[] answer;
            try
            {
                answer = client.GetByteArrayAsync(new Uri($"http:/{context.Request.RawUrl}")).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException)
            {
                answer = Encoding.UTF8.GetBytes(e.Message);
                context.Response.StatusCode = 502;
            }

            context.Response.Close(answer, willBlock: true);
        }
    }
}
