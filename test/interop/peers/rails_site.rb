# frozen_string_literal: true

# A Rails site with has_secure_password, and sessions in a table as its authentication generator makes them:
# ruby rails_site.rb PORT DATABASE ADDRESS, the user in PEER_*. ADDRESS is the column: email, or the generator's
# email_address.

require 'rails'
require 'action_controller/railtie'
require 'active_record/railtie'
require 'rack/handler/webrick'

PORT, DATABASE, ADDRESS = ARGV
ENV['DATABASE_URL'] = "sqlite3:#{DATABASE}?timeout=5000"

# Nothing of it lies in files but the database.
class Site < Rails::Application
  config.root = File.dirname(DATABASE)
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = ENV.fetch('PEER_SECRET')
  config.log_level = :error
  config.logger = Logger.new($stderr)
  config.hosts.clear
end

class User < ActiveRecord::Base
  has_secure_password
  has_many :sessions, dependent: :destroy
end

class Session < ActiveRecord::Base
  belongs_to :user
end

class SessionsController < ActionController::Base
  def show
    session = Session.find_by(id: cookies.signed[:session_id])
    session ? render(plain: session.user[ADDRESS]) : head(:unauthorized)
  end

  def new
    render inline: <<~HTML
      <p><%= flash[:alert] %></p>
      <%= form_with url: '/session' do |form| %>
        <%= form.email_field :address %><%= form.password_field :password %><%= form.submit %>
      <% end %>
    HTML
  end

  def create
    user = User.find_by(ADDRESS => params[:address])&.authenticate(params[:password])
    return render(plain: 'Try another email address or password.', status: :unprocessable_entity) unless user

    session = user.sessions.create!(user_agent: request.user_agent, ip_address: request.remote_ip)
    cookies.signed.permanent[:session_id] = { value: session.id, httponly: true, same_site: :lax }
    redirect_to '/'
  end
end

Site.routes.prepend do
  resource :session, only: %i[new create]
  root to: 'sessions#show'
end

Site.initialize!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define(version: 1) do
  create_table :users do |t|
    t.string ADDRESS, null: false, index: { unique: true }
    t.string :password_digest, null: false
    t.timestamps
  end
  create_table :sessions do |t|
    t.references :user, null: false, foreign_key: true
    t.string :ip_address
    t.string :user_agent
    t.timestamps
  end
end

User.create!(ADDRESS => ENV.fetch('PEER_EMAIL'), password: ENV.fetch('PEER_PASSWORD'))
Rack::Handler::WEBrick.run(Site, Host: '127.0.0.1', Port: Integer(PORT), AccessLog: [],
                                 Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR))
